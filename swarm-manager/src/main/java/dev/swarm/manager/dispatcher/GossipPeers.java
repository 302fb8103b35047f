package dev.swarm.manager.dispatcher;

import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.net.HostPort;
import dev.swarm.core.store.Snapshot;
import docker.swarmkit.v1.Peer;
import docker.swarmkit.v1.WeightedPeer;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Introduces stock engines to one another. They tell each other where the tasks of a network are,
 * and look for the first partner at the addresses of the managers they are told of when they get
 * their keys. No manager of ours is such a partner, so other workers are named along with them, as
 * managers that nobody should choose. An engine would try them now and then all the same, so they
 * are taken back as soon as they have served.
 */
final class GossipPeers {
  /** One would do; a few more survive its being gone. */
  private static final int PEERS_MAX = 5;

  private GossipPeers() {}

  /**
   * Whom to name to {@code self} besides the managers; nobody when an engine on a manager's host
   * can be asked.
   */
  static List<WeightedPeer> of(Snapshot snapshot, NodeId self, List<WeightedPeer> managers) {
    Node asking = snapshot.nodes().get(self);
    if (asking == null || !asking.carriesOverlays()) {
      return List.of();
    }
    List<Node> others =
        snapshot.nodes().stream()
            .filter(node -> !node.id().equals(self))
            .filter(node -> node.isReady() && node.carriesOverlays())
            .filter(node -> !node.status().addr().isEmpty())
            .sorted(Comparator.comparing(Node::id))
            .toList();
    Set<String> hosts =
        managers.stream().map(peer -> host(peer.getPeer().getAddr())).collect(Collectors.toSet());
    if (others.stream().anyMatch(node -> hosts.contains(node.status().addr()))) {
      return List.of();
    }
    return others.stream().flatMap(node -> peer(node).stream()).limit(PEERS_MAX).toList();
  }

  /** Nothing of a node that came from an address which cannot be written down, zone and all. */
  private static Optional<WeightedPeer> peer(Node node) {
    String at;
    try {
      at = new HostPort(node.status().addr(), HostPort.SWARM_PORT).toString();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    return Optional.of(
        WeightedPeer.newBuilder()
            .setPeer(Peer.newBuilder().setNodeId(node.id().value()).setAddr(at))
            .setWeight(0)
            .build());
  }

  private static String host(String addr) {
    return HostPort.exact(addr).host();
  }
}
