package dev.swarm.manager.dispatcher;

import dev.swarm.core.model.Node;
import dev.swarm.core.store.Snapshot;
import dev.swarm.core.wire.ToWire;
import docker.swarmkit.v1.SessionMessage;
import docker.swarmkit.v1.WeightedPeer;
import java.util.List;

/**
 * Builds the session messages that tell an agent of managers, keys and its node: a pure function of
 * the state.
 */
final class SessionMessages {
  private SessionMessages() {}

  /**
   * @param managers the addresses agents may connect to
   * @param advertisesPeers whether the agent's engine is told of others to talk to, as managers of
   *     no weight
   */
  static SessionMessage of(
      Snapshot snapshot,
      Node node,
      String sessionId,
      List<WeightedPeer> managers,
      boolean advertisesPeers) {
    SessionMessage.Builder message =
        SessionMessage.newBuilder()
            .setSessionId(sessionId)
            .setNode(node(snapshot, node))
            .addAllManagers(managers);
    if (advertisesPeers) {
      message.addAllManagers(GossipPeers.of(snapshot, node.id(), managers));
    }
    snapshot
        .cluster()
        .ifPresent(
            cluster -> {
              message.addAllNetworkBootstrapKeys(cluster.object().getNetworkBootstrapKeysList());
              message.setRootCA(cluster.object().getRootCa().getCaCert());
            });
    return message.build();
  }

  private static docker.swarmkit.v1.Node node(Snapshot snapshot, Node node) {
    int vxlanPort = snapshot.cluster().map(cluster -> cluster.object().getVXLANUDPPort()).orElse(0);
    return ToWire.node(node, snapshot.networks()::find).toBuilder()
        .setVXLANUDPPort(vxlanPort)
        .build();
  }

  /** An agent acts on what is wished of its node, not on what it told us itself. */
  static boolean sameForAgent(SessionMessage a, SessionMessage b) {
    return withoutReports(a).equals(withoutReports(b));
  }

  private static SessionMessage withoutReports(SessionMessage message) {
    return message.toBuilder()
        .setNode(message.getNode().toBuilder().clearMeta().clearStatus().clearDescription())
        .build();
  }
}
