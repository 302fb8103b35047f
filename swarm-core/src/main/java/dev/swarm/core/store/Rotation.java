package dev.swarm.core.store;

import dev.swarm.core.model.Network;
import dev.swarm.core.model.Service;
import dev.swarm.core.spec.NodePort;
import docker.swarmkit.v1.IPAMConfig;
import docker.swarmkit.v1.PortConfig;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The value given last of each kind that the cluster chooses itself. The search for the next one
 * begins behind it, so that a value which somebody may still be letting go of rests until all
 * others had their turn.
 *
 * @param subnet of a network; empty before the first
 * @param vxlanId likewise; 0 before the first
 * @param port published on every node; 0 before the first
 */
public record Rotation(String subnet, int vxlanId, int port) {
  public static final Rotation START = new Rotation("", 0, 0);

  /** After a network was made. What its user chose is no turn of anybody's. */
  Rotation after(Network made) {
    var spec = made.object().getSpec();
    String given = subnet;
    if (spec.getIpam().getConfigsCount() == 0) {
      for (IPAMConfig config : made.object().getIpam().getConfigsList()) {
        given = config.getSubnet();
      }
    }
    boolean chosen = spec.getDriverConfig().containsOptions(Network.VXLAN_IDS);
    Optional<Integer> id =
        chosen ? Optional.empty() : made.vxlanIds().stream().reduce((one, next) -> next);
    return new Rotation(given, id.orElse(vxlanId), port);
  }

  /** After a service was made or changed. */
  Rotation after(Optional<Service> before, Service made) {
    Set<NodePort> known = new HashSet<>();
    before.ifPresent(
        service -> service.endpoint().getPortsList().forEach(p -> known.add(hostPort(p))));
    made.spec().getEndpoint().getPortsList().forEach(p -> known.add(hostPort(p)));
    int given = port;
    for (PortConfig config : made.endpoint().getPortsList()) {
      if (config.getPublishedPort() != 0 && !known.contains(hostPort(config))) {
        given = config.getPublishedPort();
      }
    }
    return given == port ? this : new Rotation(subnet, vxlanId, given);
  }

  private static NodePort hostPort(PortConfig config) {
    return new NodePort(config.getPublishedPort(), config.getProtocol());
  }
}
