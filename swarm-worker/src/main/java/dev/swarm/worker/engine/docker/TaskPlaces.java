package dev.swarm.worker.engine.docker;

import dev.swarm.core.model.Network;
import dev.swarm.worker.engine.EngineException;
import docker.swarmkit.v1.NetworkAttachment;
import docker.swarmkit.v1.Task;
import java.util.ArrayList;
import java.util.List;

/** Attachments of a task to this engine's networks. */
final class TaskPlaces {
  private TaskPlaces() {}

  /**
   * In the order of the task's attachments, the first being the container's main one; none for the
   * engine's default network. The ingress network is passed over: its ports are published on the
   * host.
   *
   * @throws EngineException for a network between nodes, which this node cannot join
   */
  static List<ContainerNetwork> of(Task task) {
    List<ContainerNetwork> places = new ArrayList<>();
    for (NetworkAttachment attachment : task.getNetworksList()) {
      docker.swarmkit.v1.Network network = attachment.getNetwork();
      if (!network.getSpec().getIngress()) {
        places.add(place(task, attachment));
      }
    }
    return places;
  }

  private static ContainerNetwork place(Task task, NetworkAttachment attachment) {
    docker.swarmkit.v1.Network network = attachment.getNetwork();
    String name = network.getSpec().getAnnotations().getName();
    if (isPredefined(network)) {
      return new ContainerNetwork(name, true, "", List.of());
    }
    if (!network.getDriverState().getName().equals("overlay")) {
      return new ContainerNetwork(name, false, "", List.of());
    }
    if (!network.getDriverState().getOptionsOrDefault(Network.WITHIN_NODE, "").equals("true")) {
      throw new EngineException("this node cannot join the network " + name);
    }
    String address =
        attachment.getAddressesList().stream()
            .findFirst()
            .map(with -> with.substring(0, Math.max(with.indexOf('/'), 0)))
            .filter(bare -> !bare.isEmpty())
            .orElseThrow(() -> new EngineException("the task has no address on network " + name));
    List<String> aliases = new ArrayList<>(attachment.getAliasesList());
    String service = task.getServiceAnnotations().getName();
    if (!service.isEmpty()) {
      aliases.add(service);
      aliases.add("tasks." + service);
    }
    return new ContainerNetwork(name, false, address, aliases);
  }

  private static boolean isPredefined(docker.swarmkit.v1.Network network) {
    return network
        .getSpec()
        .getAnnotations()
        .getLabelsOrDefault(Network.PREDEFINED_LABEL, "")
        .equals("true");
  }
}
