package dev.swarm.manager.members;

import static docker.swarmkit.v1.NodeRole.MANAGER;
import static docker.swarmkit.v1.NodeRole.WORKER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.swarm.core.control.node.ForceNewCluster;
import dev.swarm.core.model.Node;
import dev.swarm.core.store.Snapshot;
import docker.swarmkit.v1.NodeSpec;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** One manager that goes on without the others. */
class ForceNewClusterTest {
  private final FakeCluster cluster = new FakeCluster();

  private Snapshot survive(String self) {
    return cluster.submit(ForceNewCluster.alone(self)).toCompletableFuture().join();
  }

  @Test
  void onlyTheSurvivorIsAManager() {
    cluster.put("a", MANAGER, MANAGER);
    cluster.put("b", MANAGER, MANAGER);
    cluster.put("leaving", MANAGER, WORKER);
    cluster.put("coming", WORKER, MANAGER);
    cluster.put("w", WORKER, WORKER);
    Node worker = cluster.get("w");

    Snapshot after = survive("a");
    assertSame(after, cluster.snapshot());
    Map<String, String> roles = new TreeMap<>();
    after.nodes().stream()
        .forEach(
            node -> roles.put(node.id().value(), node.role() + " " + node.spec().getDesiredRole()));
    assertEquals(
        Map.of(
            "a", "MANAGER MANAGER",
            "b", "WORKER WORKER",
            "leaving", "WORKER WORKER",
            "coming", "WORKER WORKER",
            "w", "WORKER WORKER"),
        roles);
    assertSame(worker, cluster.get("w"));
  }

  @Test
  void nothingElseOfTheLostChanges() {
    Node before = FakeCluster.node("b", MANAGER, MANAGER);
    NodeSpec drained =
        before.spec().toBuilder().setAvailability(NodeSpec.Availability.DRAIN).build();
    cluster.commit(new dev.swarm.core.store.Change.PutNode(before.withSpec(drained)));
    survive("a");
    assertEquals(drained.toBuilder().setDesiredRole(WORKER).build(), cluster.get("b").spec());
  }

  @Test
  void aSecondTimeChangesNothing() {
    cluster.put("a", MANAGER, MANAGER);
    cluster.put("b", MANAGER, MANAGER);
    survive("a");
    Node demoted = cluster.get("b");
    survive("a");
    assertSame(demoted, cluster.get("b"));
  }
}
