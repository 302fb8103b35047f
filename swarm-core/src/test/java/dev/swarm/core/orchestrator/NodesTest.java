package dev.swarm.core.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Slot;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.orchestrator.SlotController.SlotKey;
import dev.swarm.core.stage.Specs;
import dev.swarm.core.stage.Stage;
import dev.swarm.core.store.Change;
import docker.swarmkit.v1.NodeSpec.Availability;
import docker.swarmkit.v1.RestartPolicy.RestartCondition;
import docker.swarmkit.v1.ServiceSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What becomes of tasks when something becomes of their nodes. */
class NodesTest {
  private final Stage stage = new Stage();

  private ServiceId running(ServiceSpec spec) {
    ServiceId id = stage.service(spec);
    stage.run();
    return id;
  }

  private Set<NodeId> nodesOf(ServiceId id) {
    return stage.wanted(id).stream().map(Task::node).collect(Collectors.toSet());
  }

  @Test
  void aDrainedNodeIsEmptied() {
    NodeId a = stage.node("a");
    NodeId b = stage.node("b");
    ServiceId id = running(Specs.replicated("web", 4));
    stage.availability(a, Availability.DRAIN);
    stage.settle();
    assertEquals(Set.of(b), nodesOf(id));
    assertEquals(4, stage.wanted(id).size());
    stage.run();
    assertEquals(0, stage.snapshot().tasksOn(a).load().active());
  }

  @Test
  void aPausedNodeKeepsItsTasksAndTakesNoOthers() {
    NodeId a = stage.node("a");
    NodeId b = stage.node("b");
    ServiceSpec spec = Specs.replicated("web", 2);
    ServiceId id = running(spec);
    stage.availability(a, Availability.PAUSE);
    stage.update(id, Specs.replicas(spec, 6));
    stage.run();
    assertEquals(1, stage.wanted(id).stream().filter(t -> t.node().equals(a)).count());
    assertEquals(5, stage.wanted(id).stream().filter(t -> t.node().equals(b)).count());
  }

  @Test
  void tasksOfANodeThatIsDownAreReplacedElsewhere() {
    NodeId a = stage.node("a");
    NodeId b = stage.node("b");
    NodeId c = stage.node("c");
    ServiceId id = running(Specs.replicated("web", 3));
    stage.state(a, Node.State.DOWN);
    stage.settle();
    assertEquals(3, stage.wanted(id).size());
    assertEquals(Set.of(b, c), nodesOf(id));
    Task lost = stage.tasks(id).stream().filter(t -> t.node().equals(a)).findFirst().orElseThrow();
    assertEquals(TaskState.SHUTDOWN, lost.desired());
    assertEquals(TaskState.RUNNING, lost.state(), "nobody said otherwise");
    stage.pass(NodeReconciler.ORPHANED_AFTER);
    assertEquals(TaskState.ORPHANED, stage.task(lost.id()).state());
    assertEquals(0, stage.snapshot().tasksOn(a).load().active());
  }

  @Test
  void anUnknownNodeKeepsItsTasks() {
    NodeId a = stage.node("a");
    stage.node("b");
    ServiceId id = running(Specs.replicated("web", 2));
    List<Task> before = stage.tasks(id);
    stage.state(a, Node.State.UNKNOWN);
    stage.settle();
    assertEquals(before, stage.tasks(id));
  }

  @Test
  void tasksOfANodeThatIsGoneAreReplacedAndGivenUp() {
    NodeId a = stage.node("a");
    NodeId b = stage.node("b");
    ServiceId id = running(Specs.replicated("web", 2));
    stage.apply(new Change.RemoveNode(a));
    stage.settle();
    assertEquals(2, stage.wanted(id).size());
    assertEquals(Set.of(b), nodesOf(id));
    assertTrue(
        stage.tasks(id).stream()
            .filter(t -> t.node().equals(a))
            .allMatch(t -> t.state() == TaskState.ORPHANED));
  }

  @Test
  void manyNodesThatVanishAtOnceAreWaitedFor() {
    List<NodeId> nodes = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      nodes.add(stage.node("n" + i));
    }
    ServiceId id = running(Specs.replicated("web", 6));
    List<Task> before = stage.tasks(id);
    nodes.subList(0, 3).forEach(node -> stage.state(node, Node.State.DOWN));
    stage.settle();
    assertEquals(before, stage.tasks(id), "half of the nodes: more likely it is the network");
    assertEquals(
        stage.now().plus(MassFailure.GRACE),
        stage
            .look(
                new SlotKey(
                    id,
                    before.stream()
                        .filter(t -> t.node().equals(nodes.getFirst()))
                        .findFirst()
                        .orElseThrow()
                        .slot()))
            .wakeAt());
    stage.failOver();
    stage.pass(MassFailure.GRACE.minusMillis(1));
    assertEquals(before, stage.tasks(id));
    stage.pass(Duration.ofMillis(1));
    assertEquals(Set.copyOf(nodes.subList(3, 6)), nodesOf(id));
  }

  @Test
  void aThirdOfTheNodesOrFewerAreNotWaitedFor() {
    List<NodeId> nodes = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      nodes.add(stage.node("n" + i));
    }
    ServiceId id = running(Specs.replicated("web", 6));
    nodes.subList(0, 2).forEach(node -> stage.state(node, Node.State.DOWN));
    stage.settle();
    assertEquals(Set.copyOf(nodes.subList(2, 6)), nodesOf(id));
  }

  @Test
  void nodesThatWentOneAfterTheOtherDidNotGoTogether() {
    List<NodeId> nodes = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      nodes.add(stage.node("n" + i));
    }
    ServiceId id = running(Specs.replicated("web", 4));
    for (NodeId node : nodes.subList(0, 3)) {
      stage.state(node, Node.State.DOWN);
      stage.pass(Duration.ofSeconds(11));
      assertFalse(nodesOf(id).contains(node));
    }
    assertEquals(4, stage.wanted(id).size());
  }

  @Test
  void whatNoLongerMeetsAConstraintLeaves() {
    NodeId a = stage.node("a");
    NodeId b = stage.node("b");
    stage.label(a, "zone", "x");
    ServiceId id = running(Specs.constraint(Specs.replicated("web", 2), "node.labels.zone==x"));
    assertEquals(Set.of(a), nodesOf(id));
    stage.label(a, "zone", "y");
    stage.label(b, "zone", "x");
    stage.run();
    assertEquals(Set.of(b), nodesOf(id));
    assertEquals(2, stage.wanted(id).size());
  }

  @Test
  void aNodeThatShrankKeepsItsOldestTasks() {
    NodeId a = stage.node("a", 4, spec -> spec);
    ServiceSpec spec = Specs.cpus(Specs.replicated("web", 2), 1);
    ServiceId id = running(spec);
    stage.pass(Duration.ofSeconds(1));
    stage.update(id, Specs.replicas(spec, 4));
    stage.run();
    List<Task> oldest = stage.tasks(id).subList(0, 2);
    Node node = stage.node(a);
    var description = node.description().toBuilder();
    description.getResourcesBuilder().setNanoCpus(2_000_000_000);
    stage.apply(new Change.PutNode(node.withDescription(description.build())));
    stage.settle();
    assertEquals(
        oldest.stream().map(Task::id).toList(),
        stage.wanted(id).stream().filter(t -> t.node().equals(a)).map(Task::id).toList());
  }

  // ---- global services

  @Test
  void aGlobalServiceIsOnEveryNodeThatTakesTasks() {
    NodeId a = stage.node("a");
    NodeId b = stage.node("b");
    NodeId paused = stage.node("paused");
    stage.availability(paused, Availability.PAUSE);
    ServiceId id = running(Specs.global("agent"));
    assertEquals(Set.of(a, b), nodesOf(id));
    NodeId late = stage.node("late");
    stage.run();
    assertEquals(Set.of(a, b, late), nodesOf(id));
    stage.availability(paused, Availability.ACTIVE);
    stage.availability(b, Availability.DRAIN);
    stage.run();
    assertEquals(Set.of(a, paused, late), nodesOf(id));
    stage.availability(b, Availability.ACTIVE);
    stage.run();
    assertEquals(Set.of(a, b, paused, late), nodesOf(id));
    stage.wanted(id).forEach(t -> assertEquals(new Slot.OnNode(t.node()), t.slot()));
  }

  @Test
  void aGlobalTaskOfANodeThatIsDownComesBackWithIt() {
    NodeId a = stage.node("a");
    stage.node("b");
    stage.node("c");
    ServiceId id = running(Specs.global("agent"));
    stage.state(a, Node.State.DOWN);
    stage.settle();
    assertEquals(2, stage.wanted(id).size());
    stage.state(a, Node.State.READY);
    stage.run();
    assertEquals(3, stage.wanted(id).size());
  }

  @Test
  void aGlobalTaskThatWaitedInVainIsForgottenWhenItIsCalledOff() {
    stage.node("n");
    ServiceSpec spec = Specs.cpus(Specs.global("all"), 100);
    ServiceId id = stage.service(spec);
    stage.settle();
    Task waiting = stage.only(stage.wanted(id));
    assertEquals(TaskState.PENDING, waiting.state());
    stage.update(id, Specs.cpus(spec, 1));
    stage.run();
    assertEquals(TaskState.RUNNING, stage.only(stage.tasks(id)).state());
  }

  @Test
  void aGlobalServiceObeysConstraints() {
    NodeId a = stage.node("a");
    NodeId b = stage.node("b");
    stage.label(a, "zone", "x");
    ServiceSpec spec = Specs.constraint(Specs.global("agent"), "node.labels.zone==x");
    ServiceId id = running(spec);
    assertEquals(Set.of(a), nodesOf(id));
    stage.label(b, "zone", "x");
    stage.label(a, "zone", "y");
    stage.run();
    assertEquals(Set.of(b), nodesOf(id));
  }

  @Test
  void aGlobalTaskThatEndedForGoodRunsAgainUnderANewSpec() {
    NodeId a = stage.node("a");
    ServiceSpec spec =
        Specs.restart(Specs.global("job"), RestartCondition.ON_FAILURE, Duration.ZERO);
    ServiceId id = running(spec);
    stage.report(stage.only(stage.wanted(id)).id(), TaskState.COMPLETE);
    stage.run();
    assertEquals(Set.of(), nodesOf(id));
    stage.update(id, Specs.image(spec, "two"));
    stage.run();
    assertEquals(Set.of(a), nodesOf(id));
  }
}
