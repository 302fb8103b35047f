package dev.swarm.core.control.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.control.Swarm;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.plan.Rejection;
import dev.swarm.core.plan.Rejection.Kind;
import dev.swarm.core.spec.Durations;
import dev.swarm.core.store.Change;
import docker.swarmkit.v1.BlacklistedCertificate;
import docker.swarmkit.v1.GetNodeRequest;
import docker.swarmkit.v1.ListNodesRequest;
import docker.swarmkit.v1.ManagerStatus;
import docker.swarmkit.v1.NodeRole;
import docker.swarmkit.v1.NodeSpec;
import docker.swarmkit.v1.RemoveNodeRequest;
import docker.swarmkit.v1.UpdateNodeRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class NodeControlTest {
  private final Swarm swarm = new Swarm();
  private final Managers voters = new Managers(true);
  private final Managers strangers = new Managers(false);

  /** Managers by record are voters; some cannot be spared. */
  private final class Managers implements Voters {
    private final boolean any;
    private Set<NodeId> needed = Set.of();

    private Managers(boolean any) {
      this.any = any;
    }

    @Override
    public boolean couldVote(Node node) {
      return any;
    }

    @Override
    public boolean votes(NodeId node) {
      return NodeControlTest.this.node(node).role() == NodeRole.MANAGER;
    }

    @Override
    public boolean canDoWithout(NodeId node) {
      return !needed.contains(node);
    }
  }

  @Test
  void drainsANode() {
    NodeId id = swarm.node("n1", Node.State.READY, NodeRole.WORKER);
    UpdateNodeRequest drain = update(id, s -> s.setAvailability(NodeSpec.Availability.DRAIN));

    swarm.accept(NodeControl.update(drain, voters));

    assertTrue(node(id).isDrained());
    assertEquals(Rejection.stale(), swarm.reject(NodeControl.update(drain, voters)));
  }

  @Test
  void refusesWhatMakesNoSense() {
    NodeId id = swarm.node("n1", Node.State.READY, NodeRole.WORKER);
    List<UpdateNodeRequest> bad =
        List.of(
            update(id, s -> s.setAvailabilityValue(9)),
            update(id, s -> s.setDesiredRoleValue(9)),
            update(id, s -> s.setMembershipValue(9)),
            update(id, s -> s.getAnnotationsBuilder().putLabels("a", "b".repeat(70_000))),
            update(id, s -> {}).toBuilder().clearNodeVersion().build(),
            update(id, s -> {}).toBuilder().clearSpec().build(),
            update(id, s -> {}).toBuilder().clearNodeId().build());
    for (UpdateNodeRequest request : bad) {
      assertEquals(Kind.INVALID, swarm.reject(NodeControl.update(request, voters)).kind());
    }
    assertEquals(
        "node nobody not found",
        swarm
            .reject(
                NodeControl.update(
                    update(id, s -> {}).toBuilder().setNodeId("nobody").build(), voters))
            .message());
  }

  @Test
  void theLastManagerStaysOne() {
    NodeId first = swarm.node("m1", Node.State.READY, NodeRole.MANAGER);
    UpdateNodeRequest demote = update(first, s -> s.setDesiredRole(NodeRole.WORKER));
    assertEquals(Kind.FAILED_PRECONDITION, swarm.reject(NodeControl.update(demote, voters)).kind());

    swarm.node("m2", Node.State.READY, NodeRole.MANAGER);
    voters.needed = Set.of(first);
    assertEquals(
        "can't remove member from the raft: this would result in a loss of quorum",
        swarm.reject(NodeControl.update(demote, voters)).message());

    voters.needed = Set.of();
    swarm.accept(NodeControl.update(demote, voters));
    assertEquals(NodeRole.WORKER, node(first).spec().getDesiredRole());
  }

  @Test
  void promotesOnlyWhoCanTakePart() {
    NodeId id = swarm.node("n1", Node.State.READY, NodeRole.WORKER);
    UpdateNodeRequest promote = update(id, s -> s.setDesiredRole(NodeRole.MANAGER));
    assertEquals(
        Kind.FAILED_PRECONDITION, swarm.reject(NodeControl.update(promote, strangers)).kind());
    swarm.accept(NodeControl.update(promote, voters));
  }

  @Test
  void removesANodeThatIsDownWithItsCertificateAndTasks() {
    swarm.cluster();
    blacklist("long-gone", Duration.ofDays(-8));
    blacklist("lately-gone", Duration.ofDays(-6));
    NodeId id = swarm.node("n1", Node.State.DOWN, NodeRole.WORKER);
    swarm.create(Swarm.spec("web"));
    TaskId running = swarm.task("web", 1, id, TaskState.RUNNING);
    TaskId failed = swarm.task("web", 2, id, TaskState.FAILED);

    swarm.accept(NodeControl.remove(remove(id, false)));

    assertFalse(swarm.snapshot.nodes().contains(id));
    assertEquals(
        Set.of("n1", "lately-gone"),
        swarm.snapshot.cluster().orElseThrow().object().getBlacklistedCertificatesMap().keySet());
    assertEquals(TaskState.ORPHANED, swarm.snapshot.tasks().find(running).orElseThrow().state());
    assertEquals(TaskState.FAILED, swarm.snapshot.tasks().find(failed).orElseThrow().state());
  }

  @Test
  void aNodeThatMayBeAliveIsRemovedOnlyByForce() {
    NodeId ready = swarm.node("n1", Node.State.READY, NodeRole.WORKER);
    NodeId unknown = swarm.node("n2", Node.State.UNKNOWN, NodeRole.WORKER);
    for (NodeId id : List.of(ready, unknown)) {
      assertEquals(
          "node " + id + " is not down and can't be removed: stop it first, or use force",
          swarm.reject(NodeControl.remove(remove(id, false))).message());
      swarm.accept(NodeControl.remove(remove(id, true)));
    }
  }

  @Test
  void noForceRemovesAManager() {
    NodeId id = swarm.node("m1", Node.State.DOWN, NodeRole.MANAGER);
    assertEquals(
        Kind.FAILED_PRECONDITION, swarm.reject(NodeControl.remove(remove(id, true))).kind());
  }

  @Test
  void managersComeWithTheirPlaceInTheLog() {
    NodeId id = swarm.node("m1", Node.State.READY, NodeRole.MANAGER);
    swarm.node("n1", Node.State.READY, NodeRole.WORKER);
    Map<NodeId, ManagerStatus> members =
        Map.of(id, ManagerStatus.newBuilder().setLeader(true).setAddr("10.0.0.1:2377").build());
    java.util.function.Function<NodeId, Optional<ManagerStatus>> managers =
        node -> Optional.ofNullable(members.get(node));

    List<docker.swarmkit.v1.Node> nodes =
        NodeQueries.list(swarm.snapshot, ListNodesRequest.getDefaultInstance(), managers)
            .getNodesList();
    assertTrue(nodes.get(0).getManagerStatus().getLeader());
    assertFalse(nodes.get(1).hasManagerStatus());
    assertEquals(
        nodes.get(0),
        swarm
            .query(
                NodeQueries.get(
                    swarm.snapshot, GetNodeRequest.newBuilder().setNodeId("m1").build(), managers))
            .getNode());
  }

  private void blacklist(String node, Duration expiry) {
    swarm
        .snapshot
        .cluster()
        .ifPresent(
            cluster ->
                swarm.apply(
                    new Change.PutCluster(
                        cluster.withObject(
                            cluster.object().toBuilder()
                                .putBlacklistedCertificates(
                                    node,
                                    BlacklistedCertificate.newBuilder()
                                        .setExpiry(Durations.toWire(swarm.now.plus(expiry)))
                                        .build())
                                .build()))));
  }

  private Node node(NodeId id) {
    return swarm.snapshot.nodes().find(id).orElseThrow();
  }

  private UpdateNodeRequest update(NodeId id, Consumer<NodeSpec.Builder> edit) {
    NodeSpec.Builder spec = node(id).spec().toBuilder();
    edit.accept(spec);
    UpdateNodeRequest.Builder request =
        UpdateNodeRequest.newBuilder().setNodeId(id.value()).setSpec(spec);
    request.getNodeVersionBuilder().setIndex(node(id).meta().version());
    return request.build();
  }

  private static RemoveNodeRequest remove(NodeId id, boolean force) {
    return RemoveNodeRequest.newBuilder().setNodeId(id.value()).setForce(force).build();
  }
}
