package dev.swarm.manager.dispatcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.swarm.core.allocator.BootstrapKeys;
import dev.swarm.core.model.Attachment;
import dev.swarm.core.model.Cluster;
import dev.swarm.core.model.Meta;
import dev.swarm.core.model.Network;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.Snapshot;
import dev.swarm.core.wire.ToWire;
import docker.swarmkit.v1.Certificate;
import docker.swarmkit.v1.NodeDescription;
import docker.swarmkit.v1.NodeRole;
import docker.swarmkit.v1.NodeSpec;
import docker.swarmkit.v1.Peer;
import docker.swarmkit.v1.SessionMessage;
import docker.swarmkit.v1.WeightedPeer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a stock engine is told of networks: its keys, its places, and whom to ask. */
class SessionMessageTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final List<WeightedPeer> MANAGERS =
      List.of(
          WeightedPeer.newBuilder()
              .setPeer(Peer.newBuilder().setNodeId("m").setAddr("10.0.0.1:2377"))
              .setWeight(10)
              .build());

  private final List<Change> changes = new ArrayList<>();

  @Test
  void stockWorkersAreNamedToOneAnother() {
    node("a", "10.0.0.2", true);
    node("b", "10.0.0.3", true);
    node("c", "10.0.0.4", false);
    assertEquals(List.of("b 10.0.0.3:2377 0"), peers("a"));
    assertEquals(List.of("a 10.0.0.2:2377 0"), peers("b"));
    assertEquals(List.of(), peers("c"));
  }

  @Test
  void nobodyIsNamedWhereAManagersHostCanBeAsked() {
    node("a", "10.0.0.2", true);
    node("b", "10.0.0.3", true);
    node("m2", "10.0.0.1", true);
    assertEquals(List.of(), peers("a"));
  }

  @Test
  void anAddressOfTheNewKindIsPutInBrackets() {
    node("a", "10.0.0.2", true);
    node("b", "fd00::3", true);
    assertEquals(List.of("b [fd00::3]:2377 0"), peers("a"));
  }

  /** Its own session and everybody else's must not end for it. */
  @Test
  void oneWithAnAddressThatCannotBeWrittenDownIsNotNamed() {
    node("a", "10.0.0.2", true);
    node("b", "fe80::3%dock+0", true);
    node("c", "10.0.0.4", true);
    assertEquals(List.of("c 10.0.0.4:2377 0"), peers("a"));
    assertEquals(List.of("a 10.0.0.2:2377 0", "c 10.0.0.4:2377 0"), peers("b"));
  }

  @Test
  void keysGoOutWholeOrNotAtAll() {
    Cluster cluster = new Cluster("c", Meta.NONE, docker.swarmkit.v1.Cluster.getDefaultInstance());
    SessionMessage message =
        SessionMessage.newBuilder()
            .setSessionId("s")
            .addAllManagers(MANAGERS)
            .addAllNetworkBootstrapKeys(
                BootstrapKeys.rotate(cluster, NOW, () -> "id")
                    .object()
                    .getNetworkBootstrapKeysList())
            .build();
    assertEquals(Optional.empty(), WireGuard.problem(message));
    assertTrue(
        WireGuard.problem(message.toBuilder().removeNetworkBootstrapKeys(0).build()).isPresent());
    SessionMessage.Builder shortKey = message.toBuilder();
    shortKey.getNetworkBootstrapKeysBuilder(0).setKey(ByteString.copyFromUtf8("short"));
    assertTrue(WireGuard.problem(shortKey.build()).isPresent());
    SessionMessage.Builder sameTime = message.toBuilder();
    sameTime
        .getNetworkBootstrapKeysBuilder(0)
        .setLamportTime(message.getNetworkBootstrapKeys(5).getLamportTime());
    assertTrue(WireGuard.problem(sameTime.build()).isPresent());
  }

  @Test
  void aPlaceOnANetworkThatIsGoneIsLeftOut() {
    node("a", "10.0.0.2", true);
    Node node =
        snapshot()
            .nodes()
            .find(new NodeId("a"))
            .orElseThrow()
            .withNetworks(List.of(new Attachment("net", List.of("10.0.1.2/24"))));
    assertEquals(0, ToWire.node(node, id -> Optional.empty()).getAttachmentsCount());
    docker.swarmkit.v1.Network.Builder object = docker.swarmkit.v1.Network.newBuilder();
    object.getDriverStateBuilder().setName("overlay");
    object.getIpamBuilder().getDriverBuilder().setName("default");
    Network net = new Network("net", Meta.NONE, object.build());
    SessionMessage message =
        SessionMessage.newBuilder()
            .setSessionId("s")
            .addAllManagers(MANAGERS)
            .setNode(ToWire.node(node, id -> Optional.of(net)))
            .build();
    assertEquals("net", message.getNode().getAttachments(0).getNetwork().getId());
    assertEquals(Optional.empty(), WireGuard.problem(message));
  }

  private List<String> peers(String id) {
    return GossipPeers.of(snapshot(), new NodeId(id), MANAGERS).stream()
        .map(
            peer ->
                peer.getPeer().getNodeId()
                    + " "
                    + peer.getPeer().getAddr()
                    + " "
                    + peer.getWeight())
        .toList();
  }

  private Snapshot snapshot() {
    return Snapshot.EMPTY.apply(1, NOW, changes).snapshot();
  }

  private void node(String id, String addr, boolean stock) {
    NodeDescription.Builder description = NodeDescription.newBuilder();
    if (stock) {
      description.getEngineBuilder().addPluginsBuilder().setType("Network").setName("overlay");
    }
    changes.add(
        new Change.PutNode(
            new Node(
                new NodeId(id),
                Meta.NONE,
                NodeSpec.getDefaultInstance(),
                description.build(),
                new Node.Status(Node.State.READY, "", addr, NOW),
                Certificate.getDefaultInstance(),
                NodeRole.WORKER)));
  }
}
