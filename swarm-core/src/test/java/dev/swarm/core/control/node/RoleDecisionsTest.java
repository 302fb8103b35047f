package dev.swarm.core.control.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.swarm.core.control.node.RoleDecisions.Step;
import dev.swarm.core.model.Meta;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.Snapshot;
import docker.swarmkit.v1.Certificate;
import docker.swarmkit.v1.NodeDescription;
import docker.swarmkit.v1.NodeRole;
import docker.swarmkit.v1.NodeSpec;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A table of what comes next, and of who may enter the log. */
class RoleDecisionsTest {
  private static Node node(NodeRole role, NodeRole desired) {
    return new Node(
        new NodeId("n"),
        Meta.NONE,
        NodeSpec.newBuilder().setDesiredRole(desired).build(),
        NodeDescription.getDefaultInstance(),
        Node.Status.NEW,
        Certificate.getDefaultInstance(),
        role);
  }

  @ParameterizedTest
  @CsvSource({
    "WORKER,  WORKER,  false, false, NOTHING",
    "WORKER,  WORKER,  true,  false, LEAVE_LOG",
    "WORKER,  WORKER,  true,  true,  NOTHING",
    "WORKER,  MANAGER, false, false, RECORD_MANAGER",
    "WORKER,  MANAGER, true,  false, RECORD_MANAGER",
    "MANAGER, MANAGER, true,  false, NOTHING",
    "MANAGER, MANAGER, false, false, NOTHING",
    "MANAGER, WORKER,  false, false, RECORD_WORKER",
    "MANAGER, WORKER,  true,  false, LEAVE_LOG_THEN_RECORD_WORKER",
    "MANAGER, WORKER,  true,  true,  HAND_OVER",
  })
  void oneStepAtATime(NodeRole role, NodeRole desired, boolean votes, boolean leads, Step step) {
    assertEquals(step, RoleDecisions.next(Optional.of(node(role, desired)), votes, leads));
  }

  @Test
  void whoIsGoneLeavesTheLog() {
    assertEquals(Step.LEAVE_LOG, RoleDecisions.next(Optional.empty(), true, false));
    assertEquals(Step.NOTHING, RoleDecisions.next(Optional.empty(), false, false));
  }

  @ParameterizedTest
  @CsvSource({"MANAGER, MANAGER, true", "MANAGER, WORKER, false", "WORKER, MANAGER, false"})
  void onlyWhoIsToStayAManagerEntersTheLog(NodeRole role, NodeRole desired, boolean enters) {
    Snapshot snapshot =
        Snapshot.EMPTY
            .apply(1, Instant.EPOCH, List.of(new Change.PutNode(node(role, desired))))
            .snapshot();
    assertEquals(enters, RoleDecisions.refusalToEnter(snapshot, new NodeId("n")).isEmpty());
    assertEquals(true, RoleDecisions.refusalToEnter(snapshot, new NodeId("stranger")).isPresent());
  }
}
