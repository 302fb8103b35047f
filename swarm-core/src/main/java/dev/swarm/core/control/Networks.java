package dev.swarm.core.control;

import dev.swarm.core.model.Network;
import dev.swarm.core.store.Snapshot;
import docker.swarmkit.v1.PortConfig;
import docker.swarmkit.v1.ServiceSpec;
import java.util.Optional;

/** Finds networks by what users give: an id or a name. */
public final class Networks {
  private Networks() {}

  public static Optional<Network> find(String idOrName, Snapshot snapshot) {
    return snapshot.networks().find(idOrName).or(() -> named(idOrName, snapshot));
  }

  public static Optional<Network> named(String name, Snapshot snapshot) {
    return snapshot.networks().stream()
        .filter(network -> network.name().equalsIgnoreCase(name))
        .findAny();
  }

  public static Optional<Network> ingress(Snapshot snapshot) {
    return snapshot.networks().stream()
        .filter(network -> network.object().getSpec().getIngress())
        .findAny();
  }

  /** Whether a port of the service is every node's. */
  public static boolean publishesToIngress(ServiceSpec spec) {
    return spec.getEndpoint().getPortsList().stream()
        .anyMatch(port -> port.getPublishMode() == PortConfig.PublishMode.INGRESS);
  }
}
