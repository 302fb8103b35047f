package dev.swarm.worker.engine.docker;

import dev.swarm.worker.engine.EngineException;
import docker.swarmkit.v1.Network;
import docker.swarmkit.v1.NetworkAttachment;
import docker.swarmkit.v1.Task;
import java.util.Optional;

/** Which of the engine's own networks a task uses. */
final class NetworkMode {
  private static final String PREDEFINED = "com.docker.swarm.predefined";

  private NetworkMode() {}

  /**
   * The network that the task's attachments name, or nothing for the engine's default. The ingress
   * network is passed over: its ports are published on the host.
   *
   * @throws EngineException for a network that spans nodes, which this node cannot join
   */
  static Optional<String> of(Task task) {
    Optional<String> mode = Optional.empty();
    for (NetworkAttachment attachment : task.getNetworksList()) {
      Network network = attachment.getNetwork();
      if (network.getSpec().getIngress()) {
        continue;
      }
      String name = network.getSpec().getAnnotations().getName();
      if (!isLocal(network)) {
        throw new EngineException("this node cannot join the network " + name);
      }
      if (mode.isEmpty()) {
        mode = Optional.of(name);
      }
    }
    return mode;
  }

  private static boolean isLocal(Network network) {
    String predefined = network.getSpec().getAnnotations().getLabelsOrDefault(PREDEFINED, "");
    return predefined.equals("true")
        || switch (network.getDriverState().getName()) {
          case "host", "null", "none", "bridge" -> true;
          default -> false;
        };
  }
}
