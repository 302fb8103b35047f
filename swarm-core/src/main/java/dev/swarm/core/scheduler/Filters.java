package dev.swarm.core.scheduler;

import dev.swarm.core.constraint.Constraint;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.spec.NodePort;
import dev.swarm.core.spec.TaskPolicy;
import dev.swarm.core.store.NodeLoad;
import docker.swarmkit.v1.EngineDescription;
import docker.swarmkit.v1.Platform;
import docker.swarmkit.v1.PluginDescription;
import docker.swarmkit.v1.Resources;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The conditions a node must meet to be given a task. */
public final class Filters {
  private Filters() {}

  /** The first thing that speaks against the node as it is, or nothing. */
  public static Optional<Refusal> refusal(
      Node node, NodeLoad load, ServiceId service, TaskPolicy policy) {
    return Optional.ofNullable(firstRefusal(node, load, service, policy));
  }

  /** The same for the hot path, where most nodes pass and nothing should be allocated for it. */
  static @Nullable Refusal firstRefusal(
      Node node, NodeLoad load, ServiceId service, TaskPolicy policy) {
    Refusal refusal = standing(node, policy);
    return refusal == null ? room(node, load, service, policy) : refusal;
  }

  /** What does not depend on how many tasks the node has. */
  static @Nullable Refusal standing(Node node, TaskPolicy policy) {
    if (!node.isReady() || !node.isActive()) {
      return Refusal.NOT_READY;
    }
    EngineDescription engine = node.description().getEngine();
    if (node.lacksItsEngine() && policy.runtime().equals(TaskPolicy.CONTAINER)) {
      return Refusal.ENGINE_AWAY;
    }
    if (!policy.plugins().isEmpty() && !hasPlugins(engine, policy.plugins())) {
      return Refusal.MISSING_PLUGIN;
    }
    if (!canRun(engine, policy.runtime())) {
      return Refusal.MISSING_RUNTIME;
    }
    List<Constraint> constraints = policy.constraints();
    for (int i = 0; i < constraints.size(); i++) {
      Constraint constraint = constraints.get(i);
      if (!constraint.matches(node)) {
        return Refusal.CONSTRAINT;
      }
    }
    if (!policy.platforms().isEmpty()
        && !isOneOf(node.description().getPlatform(), policy.platforms())) {
      return Refusal.PLATFORM;
    }
    return null;
  }

  /** What depends on the tasks the node has. */
  private static @Nullable Refusal room(
      Node node, NodeLoad load, ServiceId service, TaskPolicy policy) {
    Resources total = node.description().getResources();
    if (load.nanoCpus() + policy.nanoCpus() > total.getNanoCpus() && policy.nanoCpus() > 0) {
      return Refusal.INSUFFICIENT_RESOURCES;
    }
    if (load.memoryBytes() + policy.memoryBytes() > total.getMemoryBytes()
        && policy.memoryBytes() > 0) {
      return Refusal.INSUFFICIENT_RESOURCES;
    }
    if (!policy.generic().isEmpty() && !new GenericRoom(node, load).has(policy.generic())) {
      return Refusal.INSUFFICIENT_RESOURCES;
    }
    if (!policy.hostPorts().isEmpty()) {
      for (NodePort port : policy.portsOn(node.carriesOverlays())) {
        if (load.ports().contains(port)) {
          return Refusal.HOST_PORT;
        }
      }
    }
    if (policy.maxReplicas() > 0 && load.activeOf(service) >= policy.maxReplicas()) {
      return Refusal.MAX_REPLICAS;
    }
    return null;
  }

  // A stock engine names no runtimes and runs containers; volume plugins may carry a tag it omits.
  private static boolean hasPlugins(EngineDescription engine, List<PluginDescription> needed) {
    return needed.stream()
        .allMatch(
            need ->
                engine.getPluginsList().stream()
                    .anyMatch(
                        has ->
                            has.getType().equals(need.getType())
                                && (has.getName().equals(need.getName())
                                    || has.getName().equals(need.getName() + ":latest"))));
  }

  private static boolean canRun(EngineDescription engine, String runtime) {
    boolean says = false;
    for (PluginDescription plugin : engine.getPluginsList()) {
      if (plugin.getType().equals(Node.RUNTIME_PLUGIN)) {
        says = true;
        if (plugin.getName().equals(runtime)) {
          return true;
        }
      }
    }
    return !says && runtime.equals(TaskPolicy.CONTAINER);
  }

  private static boolean isOneOf(Platform actual, List<Platform> wanted) {
    return wanted.stream()
        .anyMatch(
            platform ->
                (platform.getOs().isEmpty() || platform.getOs().equalsIgnoreCase(actual.getOs()))
                    && (platform.getArchitecture().isEmpty()
                        || Constraint.architecture(platform.getArchitecture())
                            .equals(Constraint.architecture(actual.getArchitecture()))));
  }
}
