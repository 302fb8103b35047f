package dev.swarm.core.network;

import dev.swarm.v1.EndpointRecord;
import dev.swarm.v1.NetworkDescription;
import dev.swarm.v1.NetworkPiece;
import dev.swarm.v1.NetworkUpdate;
import dev.swarm.v1.NodeRecord;
import dev.swarm.v1.PortRecord;
import dev.swarm.v1.Prefix;
import dev.swarm.v1.ServiceRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Writes changes of a node's networks as messages of bounded size. */
public final class UpdateWriter {
  /** How many endpoints, services and nodes one message names at most. */
  static final int OBJECTS_MAX = 500;

  private final List<NetworkUpdate> messages = new ArrayList<>();
  private NetworkUpdate.Builder open = NetworkUpdate.newBuilder();
  private NetworkPiece.Builder piece = NetworkPiece.newBuilder();
  private int objects;

  private UpdateWriter() {}

  /** At least one message; the last one has the end mark. */
  public static List<NetworkUpdate> write(ViewChange change) {
    UpdateWriter writer = new UpdateWriter();
    change.networks().forEach(writer::network);
    writer.messages.add(writer.open.setEnd(true).build());
    return writer.messages.stream()
        .map(message -> message.toBuilder().setIndex(change.index()).build())
        .toList();
  }

  private void network(String id, ViewChange.News news) {
    piece = NetworkPiece.newBuilder().setNetworkId(id);
    switch (news) {
      case ViewChange.Gone _ -> piece.setGone(true);
      case ViewChange.Whole whole -> {
        piece.setAnew(true).setDescription(description(whole.state().shape()));
        whole(whole.state());
      }
      case ViewChange.Changed changed -> {
        changed.change().shape().ifPresent(shape -> piece.setDescription(description(shape)));
        changed(changed.change());
      }
    }
    open.addPieces(piece);
  }

  private void whole(NetworkState state) {
    state.endpoints().values().stream()
        .sorted(Comparator.comparing(NetworkEndpoint::task))
        .forEach(endpoint -> object(into -> into.addEndpoints(record(endpoint))));
    state.services().values().stream()
        .sorted(Comparator.comparing(NetworkService::id))
        .forEach(service -> object(into -> into.addServices(record(service))));
    state.nodes().values().stream()
        .sorted(Comparator.comparing(NetworkNode::id))
        .forEach(node -> object(into -> into.addNodes(record(node))));
  }

  private void changed(NetworkChange change) {
    each(
        change.endpoints(),
        (into, endpoint) -> into.addEndpoints(record(endpoint)),
        (into, task) -> into.addRemovedTasks(task.value()));
    each(
        change.services(),
        (into, service) -> into.addServices(record(service)),
        (into, service) -> into.addRemovedServices(service.value()));
    each(
        change.nodes(),
        (into, node) -> into.addNodes(record(node)),
        (into, node) -> into.addRemovedNodes(node.value()));
  }

  private <K, V> void each(
      SortedMap<K, Optional<V>> changes,
      BiConsumer<NetworkPiece.Builder, V> put,
      BiConsumer<NetworkPiece.Builder, K> remove) {
    changes.forEach(
        (key, value) ->
            value.ifPresentOrElse(
                present -> object(into -> put.accept(into, present)),
                () -> object(into -> remove.accept(into, key))));
  }

  private void object(Consumer<NetworkPiece.Builder> add) {
    if (objects == OBJECTS_MAX) {
      String id = piece.getNetworkId();
      messages.add(open.addPieces(piece).build());
      open = NetworkUpdate.newBuilder();
      piece = NetworkPiece.newBuilder().setNetworkId(id);
      objects = 0;
    }
    objects++;
    add.accept(piece);
  }

  private static NetworkDescription description(NetworkShape shape) {
    NetworkDescription.Builder description =
        NetworkDescription.newBuilder()
            .setName(shape.name())
            .setVxlan(shape.vxlan())
            .setMtu(shape.mtu().orElse(0))
            .setIngress(shape.ingress())
            .setInternal(shape.internal());
    for (Ipv4Prefix subnet : shape.subnets()) {
      description.addSubnets(
          Prefix.newBuilder().setAddress(subnet.address().bits()).setLength(subnet.length()));
    }
    return description.build();
  }

  private static EndpointRecord record(NetworkEndpoint endpoint) {
    return EndpointRecord.newBuilder()
        .setTaskId(endpoint.task().value())
        .setAddress(endpoint.address().bits())
        .setNodeId(endpoint.node().value())
        .setServiceId(endpoint.service().value())
        .addAllNames(endpoint.names())
        .addAllAliases(endpoint.aliases())
        .setDraining(endpoint.draining())
        .setHealthy(endpoint.healthy())
        .build();
  }

  private static ServiceRecord record(NetworkService service) {
    ServiceRecord.Builder written =
        ServiceRecord.newBuilder()
            .setServiceId(service.id().value())
            .setName(service.name())
            .setVirtualIp(service.virtualIp().map(Ipv4::bits).orElse(0));
    for (PublishedPort port : service.ports()) {
      written.addPorts(
          PortRecord.newBuilder()
              .setTransport(
                  switch (port.transport()) {
                    case TCP -> PortRecord.Transport.TCP;
                    case UDP -> PortRecord.Transport.UDP;
                    case SCTP -> PortRecord.Transport.SCTP;
                  })
              .setPublished(port.published())
              .setTarget(port.target()));
    }
    return written.build();
  }

  private static NodeRecord record(NetworkNode node) {
    return NodeRecord.newBuilder()
        .setNodeId(node.id().value())
        .setDataPath(node.dataPath().bits())
        .setAddress(node.address().map(Ipv4::bits).orElse(0))
        .build();
  }
}
