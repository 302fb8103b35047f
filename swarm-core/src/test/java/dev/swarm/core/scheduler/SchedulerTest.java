package dev.swarm.core.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.scheduler.WaitingController.WaitingKey;
import dev.swarm.core.stage.Specs;
import dev.swarm.core.stage.Stage;
import docker.swarmkit.v1.NodeSpec.Availability;
import docker.swarmkit.v1.RestartPolicy.RestartCondition;
import docker.swarmkit.v1.ServiceSpec;
import docker.swarmkit.v1.UpdateConfig.UpdateOrder;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Stories of placing tasks. */
class SchedulerTest {
  private final Stage stage = new Stage();

  @Test
  void everyReasonIsToldWithItsCount() {
    stage.node("small", 1, spec -> spec);
    stage.node("small2", 1, spec -> spec);
    stage.availability(stage.node("drained"), Availability.DRAIN);
    stage.label(stage.node("elsewhere"), "zone", "b");
    ServiceSpec spec =
        Specs.constraint(Specs.cpus(Specs.replicated("web", 1), 2), "node.labels.zone!=b");
    ServiceId id = stage.service(spec);
    stage.settle();
    assertEquals(
        "no suitable node (1 node not available for new tasks; "
            + "scheduling constraints not satisfied on 1 node: node.labels.zone!=b; "
            + "insufficient resources on 2 nodes)",
        stage.only(stage.wanted(id)).status().err());
  }

  @Test
  void theConstraintsThatAreNotMetAreNamed() {
    stage.label(stage.node("a"), "zone", "a");
    stage.node("b");
    stage.node("c");
    ServiceSpec spec = Specs.constraint(Specs.replicated("web", 1), "node.labels.zone == a");
    ServiceId id = stage.service(Specs.constraint(spec, "node.labels.disk==ssd"));
    ServiceId everywhere =
        stage.service(Specs.constraint(Specs.global("all"), "node.role==worker"));
    stage.settle();
    assertEquals(
        "no suitable node (scheduling constraints not satisfied on 3 nodes:"
            + " node.labels.zone==a on 2, node.labels.disk==ssd on 1)",
        stage.only(stage.wanted(id)).status().err());
    assertEquals(3, stage.wanted(everywhere).size());
    stage.label(new NodeId("a"), "disk", "ssd");
    stage.settle();
    assertEquals(new NodeId("a"), stage.only(stage.wanted(id)).node());
  }

  @Test
  void withoutNodesThatIsWhatIsTold() {
    ServiceId id = stage.service(Specs.replicated("web", 1));
    stage.settle();
    assertEquals(
        "no suitable node (there are no nodes)", stage.only(stage.wanted(id)).status().err());
  }

  @Test
  void aNodeWhoseEngineIsAwayKeepsWhatItHasAndGetsNothingNew() {
    NodeId node = stage.node("n");
    ServiceId old = stage.service(Specs.replicated("old", 1));
    stage.settle();
    stage.obey();
    stage.runtimes(node, Node.ENGINE_AWAY);
    ServiceId id = stage.service(Specs.replicated("web", 1));
    stage.settle();
    assertEquals(TaskState.RUNNING, stage.only(stage.wanted(old)).state());
    assertEquals(node, stage.only(stage.wanted(old)).node());
    assertEquals(
        "no suitable node (the engine does not answer on 1 node)",
        stage.only(stage.wanted(id)).status().err());
    stage.runtimes(node, "container");
    stage.settle();
    assertEquals(node, stage.only(stage.wanted(id)).node());
  }

  @Test
  void aNodeThatComesTakesWhatWaited() {
    ServiceId id = stage.service(Specs.replicated("web", 2));
    stage.settle();
    NodeId node = stage.node("n");
    stage.settle();
    assertEquals(List.of(node, node), stage.wanted(id).stream().map(Task::node).toList());
  }

  @Test
  void aNodeWhereTheServiceKeepsFailingIsTheLastChoice() {
    NodeId bad = stage.node("a-bad-one");
    NodeId good = stage.node("good");
    ServiceSpec spec =
        Specs.restart(Specs.replicated("web", 1), RestartCondition.ANY, Duration.ZERO);
    stage.availability(good, Availability.PAUSE);
    ServiceId id = stage.service(spec);
    stage.settle();
    for (int i = 0; i < 5; i++) {
      Task task = stage.only(stage.wanted(id));
      assertEquals(bad, task.node());
      stage.report(task.id(), TaskState.FAILED);
      if (i == 4) {
        stage.availability(good, Availability.ACTIVE);
      }
      stage.settle();
      stage.pass(Duration.ofSeconds(10)); // it is not tried again at once
    }
    assertEquals(good, stage.only(stage.wanted(id)).node());
    stage.update(id, Specs.replicas(spec, 3));
    stage.settle();
    assertEquals(3, stage.wanted(id).stream().filter(t -> t.node().equals(good)).count());

    stage.pass(Duration.ofMinutes(6));
    stage.update(id, Specs.replicas(spec, 4));
    stage.settle();
    assertTrue(stage.wanted(id).stream().anyMatch(t -> t.node().equals(bad)), "it is forgiven");
  }

  @Test
  void aFailingNodeIsStillBetterThanNone() {
    NodeId bad = stage.node("bad");
    ServiceId id =
        stage.service(
            Specs.restart(Specs.replicated("web", 1), RestartCondition.ANY, Duration.ZERO));
    for (int i = 0; i < 7; i++) {
      stage.settle();
      stage.pass(Duration.ofSeconds(40));
      stage.report(stage.only(stage.wanted(id)).id(), TaskState.FAILED);
    }
    stage.settle();
    stage.pass(Duration.ofSeconds(40));
    assertEquals(bad, stage.only(stage.wanted(id)).node());
  }

  @Test
  void aWaitingTaskTakesWhatItsOwnSpecSays() {
    stage.node("n", 2, spec -> spec);
    ServiceId full = stage.service(Specs.cpus(Specs.replicated("full", 1), 2));
    stage.settle();
    ServiceSpec large = Specs.cpus(Specs.replicated("web", 1), 2);
    ServiceId id = stage.service(large);
    stage.settle();
    Task waiting = stage.only(stage.wanted(id));
    // The newest spec needs nothing, but the task that waits still does.
    stage.apply(new dev.swarm.core.store.Change.PutService(withSpec(id, Specs.cpus(large, 0))));
    stage.carryOut(stage.look(new WaitingKey(id)));
    assertEquals(TaskState.PENDING, stage.task(waiting.id()).state());
    assertEquals(2_000_000_000, stage.snapshot().tasksOn(new NodeId("n")).load().nanoCpus());
    stage.report(stage.only(stage.wanted(full)).id(), TaskState.COMPLETE);
    stage.carryOut(stage.look(new WaitingKey(id)));
    assertEquals(TaskState.ASSIGNED, stage.task(waiting.id()).state());
  }

  private dev.swarm.core.model.Service withSpec(ServiceId id, ServiceSpec spec) {
    var old = stage.service(id);
    return old.withSpec(
        spec, old.endpoint(), stage.snapshot().index() + 1, java.util.Optional.of(old.spec()));
  }

  @Test
  void twoTasksThatWaitForOneNodeDoNotShareTheSameFreeRoom() {
    NodeId node = stage.node("n", 3, spec -> spec);
    stage.availability(node, Availability.ACTIVE);
    ServiceSpec spec =
        Specs.update(
            Specs.cpus(Specs.global("everywhere"), 2), u -> u.setOrder(UpdateOrder.START_FIRST));
    ServiceId id = stage.service(spec);
    stage.settle();
    stage.report(stage.only(stage.wanted(id)).id(), TaskState.RUNNING);
    stage.update(id, Specs.image(spec, "two"));
    stage.settle();
    assertEquals(2, stage.wanted(id).size(), "the new one waits for room");
    stage.apply(
        new dev.swarm.core.store.Change.CreateTask(
            new dev.swarm.core.model.TaskId("extra"),
            id,
            new dev.swarm.core.model.Slot.OnNode(node),
            node,
            TaskState.RUNNING,
            false));
    stage.report(stage.wanted(id).getFirst().id(), TaskState.COMPLETE);
    stage.settle();
    assertTrue(stage.snapshot().tasksOn(node).load().nanoCpus() <= 3_000_000_000L);
  }

  @Test
  void aPortIsGivenOncePerNode() {
    stage.node("a");
    stage.node("b");
    ServiceId first = stage.service(Specs.port(Specs.replicated("first", 3), 8080));
    stage.settle();
    List<NodeId> nodes =
        stage.wanted(first).stream().map(Task::node).filter(n -> !n.isNone()).toList();
    assertEquals(2, nodes.size());
    assertNotEquals(nodes.get(0), nodes.get(1));
    assertEquals(
        "no suitable node (host-mode port already in use on 2 nodes)",
        stage.wanted(first).stream()
            .filter(t -> t.node().isNone())
            .findFirst()
            .orElseThrow()
            .status()
            .err());
  }

  @Test
  void aGlobalServiceAsksTheSameFilters() {
    NodeId small = stage.node("small", 1, spec -> spec);
    stage.node("big", 2, spec -> spec);
    stage.label(stage.node("other", 2, spec -> spec), "zone", "b");
    ServiceId id =
        stage.service(Specs.constraint(Specs.cpus(Specs.global("all"), 2), "node.labels.zone!=b"));
    stage.settle();
    assertEquals(2, stage.wanted(id).size()); // where it is not meant to be it wants nothing
    Task waits =
        stage.wanted(id).stream().filter(task -> task.node().equals(small)).findAny().orElseThrow();
    assertEquals(TaskState.PENDING, waits.state());
    assertEquals("no suitable node (insufficient resources on 1 node)", waits.status().err());
  }
}
