package dev.swarm.core.network;

import dev.swarm.core.model.Attachment;
import dev.swarm.core.model.Network;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.Service;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.network.PublishedPort.Transport;
import dev.swarm.core.store.Snapshot;
import docker.swarmkit.v1.Endpoint;
import docker.swarmkit.v1.IPAMConfig;
import docker.swarmkit.v1.NetworkAttachmentConfig;
import docker.swarmkit.v1.PortConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;

/** Reads from the managers' records who is on a network. Of IPv6 nothing is said. */
final class NetworkRecords {
  private static final String MTU_OPTION = "com.docker.network.driver.mtu";

  private NetworkRecords() {}

  /** Absent for a network that every node has for itself, or that has been given nothing yet. */
  static Optional<NetworkShape> shape(Network network) {
    List<Ipv4Prefix> subnets = new ArrayList<>();
    for (IPAMConfig config : network.object().getIpam().getConfigsList()) {
      Ipv4Prefix.parse(config.getSubnet()).map(Ipv4Prefix::subnet).ifPresent(subnets::add);
    }
    List<Integer> vxlans = network.vxlanIds();
    if (!network.spansNodes() || subnets.isEmpty() || vxlans.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new NetworkShape(
            network.id(),
            network.name(),
            subnets,
            vxlans.get(0),
            mtu(network),
            network.isIngress(),
            network.object().getSpec().getInternal()));
  }

  private static OptionalInt mtu(Network network) {
    String text = network.object().getSpec().getDriverConfig().getOptionsOrDefault(MTU_OPTION, "");
    return text.matches("[1-9]\\d{2,4}")
        ? OptionalInt.of(Integer.parseInt(text))
        : OptionalInt.empty();
  }

  private static Optional<Ipv4> address(List<Attachment> places, String network) {
    for (Attachment place : places) {
      for (String address : place.addresses()) {
        Optional<Ipv4Prefix> read = Ipv4Prefix.parse(address);
        if (place.network().equals(network) && read.isPresent()) {
          return read.map(Ipv4Prefix::address);
        }
      }
    }
    return Optional.empty();
  }

  /** Absent unless the task holds an address there, and a node to have it on. */
  static Optional<NetworkEndpoint> endpoint(Snapshot snapshot, String network, TaskId id) {
    Optional<Task> holder =
        snapshot.tasks().find(id).filter(task -> task.holdsAddresses() && task.isDispatched());
    return holder.flatMap(
        task ->
            address(task.networks(), network)
                .map(address -> endpoint(task, address, aliases(snapshot, network, task))));
  }

  private static NetworkEndpoint endpoint(Task task, Ipv4 address, List<String> aliases) {
    return new NetworkEndpoint(
        task.id(),
        address,
        task.node(),
        task.serviceId(),
        List.of(),
        aliases,
        !task.isRunnable(),
        // An agent says so of a container only once its health check, if it has one, has passed.
        task.state() == TaskState.RUNNING);
  }

  private static List<String> aliases(Snapshot snapshot, String network, Task task) {
    List<String> aliases = new ArrayList<>();
    for (NetworkAttachmentConfig config : task.template().spec().getNetworksList()) {
      boolean here =
          config.getTarget().equals(network)
              || snapshot
                  .networks()
                  .find(network)
                  .filter(found -> found.isNamedBy(config.getTarget()))
                  .isPresent();
      if (here) {
        aliases.addAll(config.getAliasesList());
      }
    }
    return aliases;
  }

  /** Absent unless the service is on the network. */
  static Optional<NetworkService> service(Snapshot snapshot, NetworkShape shape, ServiceId id) {
    return snapshot
        .services()
        .find(id)
        .filter(service -> networksOf(snapshot, service).contains(shape.id()))
        .map(
            service ->
                new NetworkService(
                    id,
                    service.name(),
                    virtualIp(service, shape.id()),
                    shape.ingress() ? ports(service) : List.of()));
  }

  private static Optional<Ipv4> virtualIp(Service service, String network) {
    for (Endpoint.VirtualIP ip : service.endpoint().getVirtualIpsList()) {
      if (ip.getNetworkId().equals(network)) {
        return Ipv4Prefix.parse(ip.getAddr()).map(Ipv4Prefix::address);
      }
    }
    return Optional.empty();
  }

  private static List<PublishedPort> ports(Service service) {
    List<PublishedPort> ports = new ArrayList<>();
    for (PortConfig port : service.endpoint().getPortsList()) {
      if (port.getPublishMode() == PortConfig.PublishMode.INGRESS && port.getPublishedPort() != 0) {
        transport(port)
            .map(of -> new PublishedPort(of, port.getPublishedPort(), port.getTargetPort()))
            .ifPresent(ports::add);
      }
    }
    return ports;
  }

  private static Optional<Transport> transport(PortConfig port) {
    return switch (port.getProtocol()) {
      case TCP -> Optional.of(Transport.TCP);
      case UDP -> Optional.of(Transport.UDP);
      case SCTP -> Optional.of(Transport.SCTP);
      case UNRECOGNIZED -> Optional.empty();
    };
  }

  /** Where a service has a virtual address, and where it asked to be. */
  static SortedSet<String> networksOf(Snapshot snapshot, Service service) {
    SortedSet<String> ids = new TreeSet<>();
    service.endpoint().getVirtualIpsList().forEach(ip -> ids.add(ip.getNetworkId()));
    for (NetworkAttachmentConfig config : service.spec().getTask().getNetworksList()) {
      String target = config.getTarget();
      if (snapshot.networks().contains(target)) {
        ids.add(target);
      } else {
        snapshot.networks().stream()
            .filter(network -> network.isNamedBy(target))
            .forEach(network -> ids.add(network.id()));
      }
    }
    return ids;
  }

  /**
   * Absent unless the node has a part in the network, by an address of its own or by tasks, and it
   * is known where it is. A node that is not heard of keeps its part: not to know is not to have
   * gone.
   */
  static Optional<NetworkNode> node(Snapshot snapshot, String network, NodeId id) {
    Optional<Node> node = snapshot.nodes().find(id);
    Optional<Ipv4> own = node.flatMap(found -> address(found.networks(), network));
    boolean present = snapshot.addressesOf(network).present().contains(id);
    return own.isPresent() || present
        ? node.flatMap(found -> Ipv4.parse(found.status().addr()))
            .map(dataPath -> new NetworkNode(id, dataPath, own))
        : Optional.empty();
  }
}
