package dev.swarm.core.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.control.task.TaskControl;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.RestartDelay;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Slot;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.orchestrator.SlotController.SlotKey;
import dev.swarm.core.spec.RestartPolicy;
import dev.swarm.core.spec.RestartPolicy.Condition;
import dev.swarm.core.stage.Specs;
import dev.swarm.core.stage.Stage;
import docker.swarmkit.v1.ListTasksRequest;
import docker.swarmkit.v1.RestartPolicy.RestartCondition;
import docker.swarmkit.v1.ServiceSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What fails again and again is tried ever less often, whatever it fails at. */
class RestartDelayTest {
  private final Stage stage = new Stage();

  private static ServiceSpec every(Duration delay) {
    return Specs.restart(Specs.replicated("web", 1), RestartCondition.ANY, delay);
  }

  private ServiceId service(ServiceSpec spec) {
    stage.node("n");
    ServiceId id = stage.service(spec);
    stage.settle();
    return id;
  }

  /** When a node was asked to make something of a task, while each ends in {@code end} at once. */
  private List<Duration> tries(ServiceId id, TaskState end, Duration within) {
    Instant begin = stage.now();
    List<Duration> tries = new ArrayList<>();
    while (true) {
      stage.settle();
      List<Task> at =
          stage.tasks(id).stream()
              .filter(task -> task.isDispatched() && !task.state().isTerminal())
              .toList();
      for (Task task : at) {
        if (task.desired() == TaskState.READY && end != TaskState.REJECTED) {
          stage.report(task.id(), TaskState.READY);
        } else {
          tries.add(Duration.between(begin, stage.now()));
          stage.report(task.id(), end);
        }
      }
      if (at.stream().allMatch(Task::isHeld) && stage.now().isAfter(begin.plus(within))) {
        return tries;
      }
      stage.pass(Duration.ofMillis(at.isEmpty() || at.stream().allMatch(Task::isHeld) ? 100 : 0));
    }
  }

  @Property
  void aWaitIsNeverShorterThanTheDelayNorLongerThanFiveMinutes(
      @ForAll @LongRange(max = 1_000_000) long delayMillis,
      @ForAll @IntRange(max = 1000) int failures,
      @ForAll int id) {
    RestartPolicy policy =
        new RestartPolicy(Condition.ANY, Duration.ofMillis(delayMillis), 0, Duration.ZERO);
    Duration wait = RestartDelay.wait(policy, failures, new TaskId("t" + id));
    assertTrue(wait.compareTo(policy.delay()) >= 0);
    Duration most =
        policy.delay().compareTo(RestartDelay.MAX) > 0 ? policy.delay() : RestartDelay.MAX;
    assertTrue(wait.compareTo(most) <= 0);
    if (failures <= 1) {
      assertEquals(policy.delay(), wait);
    }
    Duration next = RestartDelay.wait(policy, failures + 1, new TaskId("t" + id));
    assertTrue(next.compareTo(wait) >= 0, "the next one is not sooner");
  }

  @ParameterizedTest
  @EnumSource(
      value = TaskState.class,
      names = {"FAILED", "REJECTED"})
  void eachTryWaitsTwiceAsLong(TaskState end) {
    ServiceId id = service(every(Duration.ofSeconds(5)));
    List<Duration> tries = tries(id, end, Duration.ofMinutes(30));
    assertEquals(5, tries.get(1).minus(tries.get(0)).toSeconds());
    for (int i = 2; i < tries.size(); i++) {
      long seconds = tries.get(i).minus(tries.get(i - 1)).toSeconds();
      long full = Math.min(300, 5L << (i - 1));
      assertTrue(seconds <= full && seconds >= full * 8 / 10, i + ": " + seconds);
    }
    assertTrue(tries.size() < 15, "in half an hour: " + tries);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 5})
  void attemptsAreNotUsedUpAtOnceWhereNothingCanBePrepared(long delaySeconds) {
    ServiceId id =
        service(Specs.attempts(every(Duration.ofSeconds(delaySeconds)), 3, Duration.ZERO));
    List<Duration> tries = tries(id, TaskState.REJECTED, Duration.ofMinutes(5));
    assertEquals(4, tries.size(), "one, and three more");
    assertTrue(tries.getLast().compareTo(Duration.ofSeconds(delaySeconds == 0 ? 2 : 30)) > 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5})
  void theCountOutlivesHistoryAndManagers(int limit) {
    stage.historyLimit(limit);
    ServiceId id = service(every(Duration.ofSeconds(5)));
    for (int i = 0; i < 5; i++) {
      tries(id, TaskState.REJECTED, Duration.ofSeconds(20));
      stage.failOver();
    }
    Task held = stage.only(stage.wanted(id));
    assertTrue(held.attempt().failures() >= 4);
    assertEquals(
        RestartDelay.dueAt(held), stage.look(new SlotKey(id, new Slot.Replica(1))).wakeAt());
  }

  @Test
  void whatCouldNotBePreparedGetsNoNodeBeforeItsTime() {
    ServiceId id = service(every(Duration.ofSeconds(5)));
    stage.report(stage.only(stage.wanted(id)).id(), TaskState.REJECTED);
    stage.settle();
    Task held = stage.only(stage.wanted(id));
    assertEquals(TaskState.READY, held.desired());
    assertTrue(held.node().isNone());
    stage.pass(Duration.ofSeconds(5));
    assertFalse(stage.task(held.id()).node().isNone());
    assertEquals(TaskState.RUNNING, stage.task(held.id()).desired());
  }

  @Test
  void aHealthyRunBeginsAnew() {
    ServiceId id = service(every(Duration.ofSeconds(5)));
    tries(id, TaskState.REJECTED, Duration.ofSeconds(100));
    assertTrue(stage.only(stage.wanted(id)).attempt().failures() > 3);
    stage.pass(RestartDelay.MAX);
    stage.run();
    stage.pass(RestartDelay.HEALTHY.minusMillis(1));
    Task short_ = stage.only(stage.wanted(id));
    stage.report(short_.id(), TaskState.FAILED);
    stage.settle();
    assertTrue(stage.only(stage.wanted(id)).attempt().failures() > 4, "not long enough");
    stage.pass(RestartDelay.MAX);
    stage.run();
    stage.pass(RestartDelay.HEALTHY);
    stage.report(stage.only(stage.wanted(id)).id(), TaskState.FAILED);
    stage.settle();
    assertEquals(1, stage.only(stage.wanted(id)).attempt().failures());
  }

  @Test
  void whatCompletesComesBackAfterItsDelayEveryTime() {
    ServiceId id = service(every(Duration.ofSeconds(5)));
    List<Duration> tries = tries(id, TaskState.COMPLETE, Duration.ofMinutes(2));
    for (int i = 1; i < tries.size(); i++) {
      assertEquals(5, tries.get(i).minus(tries.get(i - 1)).toSeconds());
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = TaskState.class,
      names = {"FAILED", "REJECTED"})
  void anUpdateOfABrokenServiceStartsAtOnceAndBeginsAnew(TaskState end) {
    ServiceSpec spec = every(Duration.ofSeconds(5));
    ServiceId id = service(spec);
    tries(id, end, Duration.ofMinutes(10));
    Instant before = stage.now();
    stage.update(id, Specs.image(spec, "two"));
    stage.run();
    Task made = stage.only(stage.wanted(id));
    assertEquals(TaskState.RUNNING, made.state());
    assertEquals(0, made.attempt().failures());
    assertEquals(before, stage.now());
    stage.report(made.id(), TaskState.FAILED);
    stage.settle();
    assertEquals(1, stage.only(stage.wanted(id)).attempt().failures());
  }

  @Test
  void aForcedUpdateStartsAtOnce() {
    ServiceSpec spec = every(Duration.ofSeconds(5));
    ServiceId id = service(spec);
    tries(id, TaskState.REJECTED, Duration.ofMinutes(10));
    stage.update(id, Specs.with(spec, s -> s.getTaskBuilder().setForceUpdate(1)));
    stage.run();
    assertEquals(TaskState.RUNNING, stage.only(stage.wanted(id)).state());
  }

  @Test
  void aGlobalServiceWaitsOnEachNodeByItself() {
    stage.node("m");
    ServiceId id =
        service(Specs.restart(Specs.global("all"), RestartCondition.ANY, Duration.ofSeconds(5)));
    for (int i = 0; i < 6; i++) {
      for (Task task : stage.tasks(id)) {
        if (task.isDispatched() && !task.state().isTerminal()) {
          boolean broken = task.node().equals(new NodeId("m"));
          stage.report(task.id(), broken ? TaskState.REJECTED : TaskState.RUNNING);
        }
      }
      stage.settle();
      stage.pass(RestartDelay.MAX);
    }
    List<Task> wanted = stage.wanted(id);
    assertEquals(2, wanted.size());
    for (Task task : wanted) {
      assertEquals(task.node().equals(new NodeId("m")) ? 6 : 0, task.attempt().failures());
    }
  }

  @Test
  void aJobWaitsToo() {
    stage.node("n");
    ServiceId id =
        stage.job(
            Specs.restart(Specs.job("once", 1, 1), RestartCondition.ANY, Duration.ofSeconds(5)));
    stage.settle();
    List<Duration> tries = tries(id, TaskState.REJECTED, Duration.ofMinutes(30));
    assertTrue(tries.size() < 15, "in half an hour: " + tries);
    stage.pass(RestartDelay.MAX);
    assertEquals(TaskState.COMPLETE, stage.only(stage.wanted(id)).desired());
  }

  @Test
  void whoMovesToAnotherNodeTakesItsCountAlong() {
    ServiceId id = service(every(Duration.ofSeconds(5)));
    stage.node("m");
    tries(id, TaskState.FAILED, Duration.ofMinutes(1));
    Task held = stage.only(stage.wanted(id));
    stage.availability(held.node(), docker.swarmkit.v1.NodeSpec.Availability.DRAIN);
    stage.settle();
    Task moved = stage.only(stage.wanted(id));
    assertEquals(TaskState.RUNNING, moved.desired());
    assertEquals(held.attempt().failures(), moved.attempt().failures());
  }

  @Test
  void whoWaitsSaysUntilWhen() {
    ServiceId id = service(every(Duration.ofSeconds(5)));
    stage.report(stage.only(stage.wanted(id)).id(), TaskState.REJECTED);
    stage.settle();
    assertEquals("next try at 00:00:05 UTC", told(stage.only(stage.wanted(id))));
    tries(id, TaskState.REJECTED, Duration.ofSeconds(30));
    Task held = stage.only(stage.wanted(id));
    assertTrue(told(held).startsWith("next try at 00:0"), told(held));
    assertTrue(told(held).endsWith(" UTC, after 3 failures in a row"), told(held));
    stage.pass(RestartDelay.MAX);
    assertEquals("", told(stage.task(held.id())));
  }

  private String told(Task task) {
    ListTasksRequest.Filters filters =
        ListTasksRequest.Filters.newBuilder().addIdPrefixes(task.id().value()).build();
    return TaskControl.list(
            stage.snapshot(), ListTasksRequest.newBuilder().setFilters(filters).build())
        .getTasks(0)
        .getStatus()
        .getErr();
  }
}
