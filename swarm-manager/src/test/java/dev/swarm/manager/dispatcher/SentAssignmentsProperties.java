package dev.swarm.manager.dispatcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.model.TaskState;
import docker.swarmkit.v1.AssignmentsMessage;
import docker.swarmkit.v1.SecretReference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Laws of what an agent is told to run. */
class SentAssignmentsProperties {
  private static final int TASKS = 6;
  private static final int MOVES_MAX = 60;

  private OneNode cluster = new OneNode();
  private final Map<TaskId, String> held = new HashMap<>();
  private SentAssignments set = set();

  SentAssignmentsProperties() {
    startAnew();
  }

  private void startAnew() {
    cluster = new OneNode();
    held.clear();
    set = set();
    cluster.service("plain", "nginx");
    cluster.service("one", "nginx", 1);
    cluster.service("both", "nginx", 1, 2);
    cluster.service("broken", "");
  }

  private SentAssignments set() {
    return new SentAssignments(OneNode.NODE, held::put);
  }

  private FollowingAgent fresh() {
    return FollowingAgent.of(set().complete(cluster.snapshot));
  }

  private void tell(FollowingAgent agent) {
    set.incremental(cluster.snapshot, cluster.changed).ifPresent(agent::take);
    cluster.changed.clear();
  }

  /** What may become of a task. */
  enum Event {
    CREATE,
    GIVE_TO_NODE,
    GIVE_ELSEWHERE,
    RUNS,
    FAILS,
    STOP,
    CALL_OFF,
    REMOVE
  }

  /**
   * @param tell whether the agent hears of it at once, or together with what comes next
   */
  record Move(Event event, int task, boolean tell) {}

  @Provide
  Arbitrary<List<Move>> moves() {
    return Combinators.combine(
            Arbitraries.of(Event.class),
            Arbitraries.integers().between(0, TASKS - 1),
            Arbitraries.of(true, false))
        .as(Move::new)
        .list()
        .ofMaxSize(MOVES_MAX);
  }

  private void make(Move move) {
    String task = "task" + move.task;
    switch (move.event) {
      case CREATE -> {
        String service = List.of("plain", "one", "both", "broken").get(move.task % 4);
        if (!cluster.snapshot.tasks().contains(new TaskId(task))) {
          cluster.create(task, service, move.task + 1);
        }
      }
      case GIVE_TO_NODE -> cluster.assign(task, OneNode.NODE);
      case GIVE_ELSEWHERE -> cluster.assign(task, OneNode.ELSEWHERE);
      case RUNS -> cluster.report(task, TaskState.RUNNING);
      case FAILS -> cluster.report(task, TaskState.FAILED);
      case STOP -> cluster.desire(task, TaskState.SHUTDOWN);
      case CALL_OFF -> cluster.desire(task, TaskState.REMOVE);
      case REMOVE -> cluster.remove(task);
    }
  }

  @Property(tries = 500)
  void theLastSetAndAllIncrementsGiveTheCompleteSet(
      @ForAll("moves") List<Move> before, @ForAll("moves") List<Move> after) {
    startAnew();
    before.forEach(this::make);
    cluster.changed.clear();
    FollowingAgent agent = FollowingAgent.of(set.complete(cluster.snapshot));
    for (Move move : after) {
      make(move);
      if (move.tell) {
        tell(agent);
        assertEquals(fresh().state(), agent.state());
        assertEquals(secretsInUse(), agent.secrets);
      }
    }
    tell(agent);
    assertEquals(fresh().state(), agent.state());
    assertEquals(tasksToSend(), agent.tasks.keySet());
  }

  /** Said without the class under test: a node holds what its live tasks use, and no more. */
  private Set<String> secretsInUse() {
    return cluster
        .snapshot
        .tasksOnInOrder(OneNode.NODE)
        .filter(task -> task.isDispatched() && task.isRunnable() && !task.state().isTerminal())
        .flatMap(task -> task.template().spec().getContainer().getSecretsList().stream())
        .map(SecretReference::getSecretId)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private Set<String> tasksToSend() {
    return cluster
        .snapshot
        .tasksOnInOrder(OneNode.NODE)
        .filter(Task::isDispatched)
        .filter(task -> !task.serviceId().value().equals("broken"))
        .map(task -> task.id().value())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Example
  void theFirstMessageIsCompleteEvenWithNothingToDo() {
    AssignmentsMessage first = set.complete(cluster.snapshot);
    assertEquals(AssignmentsMessage.Type.COMPLETE, first.getType());
    assertEquals("", first.getAppliesTo());
    assertEquals(0, first.getChangesCount());
  }

  @Example
  void anAgentIsNotToldWhatItReportedItself() {
    cluster.assigned("t", "one", 1);
    set.complete(cluster.snapshot);
    cluster.report("t", TaskState.ACCEPTED);
    cluster.report("t", TaskState.RUNNING);
    assertTrue(set.incremental(cluster.snapshot, cluster.changed).isEmpty());
  }

  @Example
  void silenceLeavesNoGap() {
    cluster.assigned("t", "plain", 1);
    FollowingAgent agent = FollowingAgent.of(set.complete(cluster.snapshot));
    cluster.report("t", TaskState.RUNNING);
    tell(agent);
    cluster.desire("t", TaskState.SHUTDOWN);
    tell(agent);
    assertEquals(Map.of("t", docker.swarmkit.v1.TaskState.SHUTDOWN), agent.tasks);
  }

  @Example
  void dependenciesComeWithTheirFirstUserAndGoWithTheirLast() {
    FollowingAgent agent = FollowingAgent.of(set.complete(cluster.snapshot));
    cluster.assigned("a", "one", 1);
    tell(agent);
    cluster.assigned("b", "both", 1);
    AssignmentsMessage second = set.incremental(cluster.snapshot, cluster.changed).orElseThrow();
    assertEquals(3, second.getChangesCount(), "the first secret and config are there already");
    agent.take(second);
    cluster.changed.clear();
    assertEquals(Set.of("secret1", "secret2"), agent.secrets);
    cluster.report("a", TaskState.FAILED);
    tell(agent);
    assertEquals(Set.of("config1", "config2"), agent.configs);
    cluster.desire("b", TaskState.SHUTDOWN);
    tell(agent);
    assertEquals(Set.of(), agent.secrets);
    assertEquals(Set.of("a", "b"), agent.tasks.keySet());
  }

  @Example
  void whatCannotBeSentIsHeldBackAndTheRestIsNot() {
    cluster.assigned("bad", "broken", 1);
    cluster.assigned("good", "one", 1);
    FollowingAgent agent = FollowingAgent.of(set.complete(cluster.snapshot));
    assertEquals(Set.of("good"), agent.tasks.keySet());
    assertEquals(Set.of(new TaskId("bad")), held.keySet());
    assertFalse(held.containsValue(""));
  }
}
