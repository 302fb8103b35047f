package dev.swarm.core.network;

import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.network.PublishedPort.Transport;
import dev.swarm.v1.EndpointRecord;
import dev.swarm.v1.NetworkDescription;
import dev.swarm.v1.NetworkPiece;
import dev.swarm.v1.NetworkUpdate;
import dev.swarm.v1.NodeRecord;
import dev.swarm.v1.PortRecord;
import dev.swarm.v1.ServiceRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Puts together what an {@link UpdateWriter} took apart. Nothing is new before the message with the
 * end mark.
 */
public final class UpdateReader {
  private static final int PORT_MAX = 65_535;

  private SortedMap<String, Collected> collected = new TreeMap<>();

  private static final class Collected {
    boolean anew;
    boolean gone;
    Optional<NetworkShape> shape = Optional.empty();
    final SortedMap<TaskId, Optional<NetworkEndpoint>> endpoints = new TreeMap<>();
    final SortedMap<ServiceId, Optional<NetworkService>> services = new TreeMap<>();
    final SortedMap<NodeId, Optional<NetworkNode>> nodes = new TreeMap<>();
  }

  /**
   * What is new, once all of it has come.
   *
   * @throws IllegalArgumentException if it says what cannot be
   */
  public Optional<ViewChange> take(NetworkUpdate message) {
    for (NetworkPiece piece : message.getPiecesList()) {
      collect(piece);
    }
    if (!message.getEnd()) {
      return Optional.empty();
    }
    SortedMap<String, ViewChange.News> news = new TreeMap<>();
    collected.forEach((id, all) -> news.put(id, news(id, all)));
    collected = new TreeMap<>();
    return Optional.of(new ViewChange(message.getIndex(), news));
  }

  private void collect(NetworkPiece piece) {
    Collected into = collected.computeIfAbsent(piece.getNetworkId(), _ -> new Collected());
    into.anew |= piece.getAnew();
    into.gone |= piece.getGone();
    if (piece.hasDescription()) {
      into.shape = Optional.of(shape(piece.getNetworkId(), piece.getDescription()));
    }
    for (EndpointRecord endpoint : piece.getEndpointsList()) {
      into.endpoints.put(new TaskId(endpoint.getTaskId()), Optional.of(endpoint(endpoint)));
    }
    for (ServiceRecord service : piece.getServicesList()) {
      into.services.put(new ServiceId(service.getServiceId()), Optional.of(service(service)));
    }
    for (NodeRecord node : piece.getNodesList()) {
      into.nodes.put(new NodeId(node.getNodeId()), Optional.of(node(node)));
    }
    for (String task : piece.getRemovedTasksList()) {
      into.endpoints.put(new TaskId(task), Optional.empty());
    }
    for (String service : piece.getRemovedServicesList()) {
      into.services.put(new ServiceId(service), Optional.empty());
    }
    for (String node : piece.getRemovedNodesList()) {
      into.nodes.put(new NodeId(node), Optional.empty());
    }
  }

  private static ViewChange.News news(String id, Collected all) {
    if (all.gone) {
      return new ViewChange.Gone();
    }
    NetworkChange change = new NetworkChange(all.shape, all.endpoints, all.services, all.nodes);
    if (!all.anew) {
      return new ViewChange.Changed(change);
    }
    NetworkShape shape =
        all.shape.orElseThrow(
            () -> new IllegalArgumentException("network " + id + " has no description"));
    return new ViewChange.Whole(NetworkState.of(shape).apply(change));
  }

  private static NetworkShape shape(String id, NetworkDescription description) {
    List<Ipv4Prefix> subnets = new ArrayList<>();
    description
        .getSubnetsList()
        .forEach(
            prefix ->
                subnets.add(new Ipv4Prefix(new Ipv4(prefix.getAddress()), prefix.getLength())));
    return new NetworkShape(
        id,
        description.getName(),
        subnets,
        description.getVxlan(),
        description.getMtu() == 0 ? OptionalInt.empty() : OptionalInt.of(description.getMtu()),
        description.getIngress(),
        description.getInternal());
  }

  private static NetworkEndpoint endpoint(EndpointRecord record) {
    return new NetworkEndpoint(
        new TaskId(record.getTaskId()),
        new Ipv4(record.getAddress()),
        new NodeId(record.getNodeId()),
        new ServiceId(record.getServiceId()),
        record.getNamesList(),
        record.getAliasesList(),
        record.getDraining(),
        record.getHealthy());
  }

  private static NetworkService service(ServiceRecord record) {
    List<PublishedPort> ports = new ArrayList<>();
    for (PortRecord port : record.getPortsList()) {
      ports.add(
          new PublishedPort(transport(port), port(port.getPublished()), port(port.getTarget())));
    }
    return new NetworkService(
        new ServiceId(record.getServiceId()),
        record.getName(),
        address(record.getVirtualIp()),
        ports);
  }

  private static Transport transport(PortRecord port) {
    return switch (port.getTransport()) {
      case TCP -> Transport.TCP;
      case UDP -> Transport.UDP;
      case SCTP -> Transport.SCTP;
      case UNRECOGNIZED -> throw new IllegalArgumentException("ports of an unknown kind");
    };
  }

  private static int port(int number) {
    if (number < 1 || number > PORT_MAX) {
      throw new IllegalArgumentException("not a port: " + number);
    }
    return number;
  }

  private static Optional<Ipv4> address(int bits) {
    return bits == 0 ? Optional.empty() : Optional.of(new Ipv4(bits));
  }

  private static NetworkNode node(NodeRecord record) {
    return new NetworkNode(
        new NodeId(record.getNodeId()),
        new Ipv4(record.getDataPath()),
        address(record.getAddress()));
  }
}
