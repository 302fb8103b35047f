package dev.swarm.core.spec;

import dev.swarm.core.constraint.Constraint;
import docker.swarmkit.v1.Endpoint;
import docker.swarmkit.v1.GenericResource;
import docker.swarmkit.v1.Mount;
import docker.swarmkit.v1.Placement;
import docker.swarmkit.v1.PlacementPreference;
import docker.swarmkit.v1.Platform;
import docker.swarmkit.v1.PluginDescription;
import docker.swarmkit.v1.PortConfig;
import docker.swarmkit.v1.Resources;
import docker.swarmkit.v1.TaskSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The part of a task spec that scheduling and restarting use. Parsed once a service version.
 *
 * @param nanoCpus reserved, in billionths of a processor
 * @param memoryBytes reserved
 * @param generic how many of each kind of generic resources are reserved; empty for most
 * @param spreadLabels descriptors of spread preferences, outermost first
 * @param maxReplicas per node; 0 means any number
 * @param hostPorts published ports that the task binds on its node
 * @param fixedPorts those of them that no node can share with others through the ingress network
 * @param plugins volume, log and network drivers that the node's engine must have
 * @param runtime {@code container} or the kind of a generic runtime
 */
public record TaskPolicy(
    long nanoCpus,
    long memoryBytes,
    Map<String, Integer> generic,
    List<Constraint> constraints,
    List<String> spreadLabels,
    List<Platform> platforms,
    int maxReplicas,
    List<NodePort> hostPorts,
    List<NodePort> fixedPorts,
    List<PluginDescription> plugins,
    String runtime,
    RestartPolicy restart) {

  public static final String CONTAINER = "container";

  private static final int GENERIC_MAX = Integer.MAX_VALUE / 2;

  /** Parses a spec that was validated when it came in; what validation lets pass must parse. */
  public static TaskPolicy parse(TaskSpec spec, Endpoint endpoint) {
    Resources reserved = spec.getResources().getReservations();
    Placement placement = spec.getPlacement();
    return new TaskPolicy(
        reserved.getNanoCpus(),
        reserved.getMemoryBytes(),
        generic(reserved),
        constraints(placement),
        placement.getPreferencesList().stream()
            .filter(PlacementPreference::hasSpread)
            .map(preference -> preference.getSpread().getSpreadDescriptor())
            .toList(),
        List.copyOf(placement.getPlatformsList()),
        Counts.of(placement.getMaxReplicas()),
        ports(endpoint, false),
        ports(endpoint, true),
        plugins(spec),
        spec.hasGeneric() ? spec.getGeneric().getKind() : CONTAINER,
        RestartPolicy.parse(spec));
  }

  /** Whether anything of a node is reserved. */
  public boolean reserves() {
    return nanoCpus > 0 || memoryBytes > 0 || !generic.isEmpty();
  }

  /** This policy where {@code today} says where tasks may go. */
  public TaskPolicy withPlacementOf(TaskPolicy today) {
    return new TaskPolicy(
        nanoCpus,
        memoryBytes,
        generic,
        today.constraints,
        today.spreadLabels,
        today.platforms,
        today.maxReplicas,
        hostPorts,
        fixedPorts,
        plugins,
        runtime,
        restart);
  }

  /**
   * The ports that a task takes for itself on a node, by whether it carries the ingress network.
   */
  public List<NodePort> portsOn(boolean carriesOverlays) {
    return carriesOverlays ? fixedPorts : hostPorts;
  }

  private static Map<String, Integer> generic(Resources reserved) {
    if (reserved.getGenericCount() == 0) {
      return Map.of();
    }
    Map<String, Integer> wanted = new TreeMap<>();
    for (GenericResource resource : reserved.getGenericList()) {
      wanted.merge(
          resource.getDiscreteResourceSpec().getKind(),
          Math.clamp(resource.getDiscreteResourceSpec().getValue(), 0, GENERIC_MAX),
          (a, b) -> Math.min(a + b, GENERIC_MAX));
    }
    return Collections.unmodifiableMap(wanted);
  }

  private static List<Constraint> constraints(Placement placement) {
    try {
      return Constraint.parseAll(placement.getConstraintsList());
    } catch (Constraint.MalformedConstraintException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  // Without a routing mesh an ingress port is bound where the task runs, as a host port is.
  private static List<NodePort> ports(Endpoint endpoint, boolean fixedOnly) {
    List<NodePort> ports = new ArrayList<>();
    for (PortConfig port : endpoint.getPortsList()) {
      boolean counts = !fixedOnly || port.getPublishMode() == PortConfig.PublishMode.HOST;
      if (port.getPublishedPort() != 0 && counts) {
        ports.add(new NodePort(port.getPublishedPort(), port.getProtocol()));
      }
    }
    return List.copyOf(ports);
  }

  private static List<PluginDescription> plugins(TaskSpec spec) {
    List<PluginDescription> needed = new ArrayList<>();
    for (Mount mount : spec.getContainer().getMountsList()) {
      String driver = mount.getVolumeOptions().getDriverConfig().getName();
      if (mount.getType() == Mount.Type.VOLUME && !driver.isEmpty() && !driver.equals("local")) {
        needed.add(plugin("Volume", driver));
      }
    }
    String logDriver = spec.getLogDriver().getName();
    if (!logDriver.isEmpty() && !logDriver.equals("none")) {
      needed.add(plugin("Log", logDriver));
    }
    return List.copyOf(needed);
  }

  private static PluginDescription plugin(String type, String name) {
    return PluginDescription.newBuilder().setType(type).setName(name).build();
  }
}
