package dev.swarm.core.allocator;

import dev.swarm.core.model.Network;
import dev.swarm.core.store.Snapshot;
import docker.swarmkit.v1.Endpoint;
import docker.swarmkit.v1.EndpointSpec.ResolutionMode;
import docker.swarmkit.v1.PortConfig;
import docker.swarmkit.v1.ServiceSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Allocates the virtual addresses of a service: one for the whole service on each of its networks.
 */
public final class VirtualIps {
  private VirtualIps() {}

  /**
   * {@code endpoint} with the addresses that {@code spec} asks for: those it has stay, those it no
   * longer needs go. A network without a free address gets none; see {@link #missing}.
   */
  public static Endpoint assign(Snapshot snapshot, ServiceSpec spec, Endpoint endpoint) {
    List<Network> networks = networks(snapshot, spec);
    if (networks.isEmpty() && endpoint.getVirtualIpsCount() == 0) {
      return endpoint;
    }
    AddressBook book = new AddressBook(snapshot);
    Endpoint.Builder made = endpoint.toBuilder().clearVirtualIps();
    for (Network network : networks) {
      endpoint.getVirtualIpsList().stream()
          .filter(ip -> ip.getNetworkId().equals(network.id()))
          .findFirst()
          .or(() -> book.draw(network).map(address -> virtualIp(network, address)))
          .ifPresent(made::addVirtualIps);
    }
    return made.build();
  }

  /**
   * The name of a network on which {@code endpoint} lacks the address that {@code spec} asks for.
   */
  public static Optional<String> missing(Snapshot snapshot, ServiceSpec spec, Endpoint endpoint) {
    return networks(snapshot, spec).stream()
        .filter(
            network ->
                endpoint.getVirtualIpsList().stream()
                    .noneMatch(ip -> ip.getNetworkId().equals(network.id())))
        .map(Network::name)
        .findFirst();
  }

  private static List<Network> networks(Snapshot snapshot, ServiceSpec spec) {
    boolean mesh =
        spec.getEndpoint().getPortsList().stream()
            .anyMatch(port -> port.getPublishMode() == PortConfig.PublishMode.INGRESS);
    if ((spec.getTask().getNetworksCount() == 0 && !mesh)
        || spec.getEndpoint().getMode() == ResolutionMode.DNSRR) {
      return List.of();
    }
    List<Network> networks = new ArrayList<>();
    if (mesh) {
      TaskNetworks.ingress(snapshot).ifPresent(networks::add);
    }
    networks.addAll(TaskNetworks.named(snapshot, spec.getTask().getNetworksList()));
    networks.removeIf(network -> !network.spansNodes());
    return networks;
  }

  private static Endpoint.VirtualIP virtualIp(Network network, String address) {
    return Endpoint.VirtualIP.newBuilder().setNetworkId(network.id()).setAddr(address).build();
  }
}
