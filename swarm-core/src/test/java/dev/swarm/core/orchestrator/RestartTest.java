package dev.swarm.core.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.model.Service;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Slot;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.orchestrator.SlotController.SlotKey;
import dev.swarm.core.stage.Specs;
import dev.swarm.core.stage.Stage;
import docker.swarmkit.v1.RestartPolicy.RestartCondition;
import docker.swarmkit.v1.ServiceSpec;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When a task that ended is replaced, how often, and how long that waits. */
class RestartTest {
  private final Stage stage = new Stage();

  @BeforeEach
  void oneNode() {
    stage.node("n");
  }

  private ServiceId running(ServiceSpec spec) {
    ServiceId id = stage.service(spec);
    stage.run();
    return id;
  }

  private static ServiceSpec spec(RestartCondition condition, Duration delay) {
    return Specs.restart(Specs.replicated("web", 1), condition, delay);
  }

  /** Ends the one task there is. */
  private void end(ServiceId id, TaskState state) {
    stage.report(stage.only(stage.wanted(id)).id(), state);
    stage.settle();
  }

  @ParameterizedTest
  @CsvSource({
    "ANY, COMPLETE, true",
    "ANY, FAILED, true",
    "ANY, REJECTED, true",
    "ON_FAILURE, COMPLETE, false",
    "ON_FAILURE, FAILED, true",
    "ON_FAILURE, REJECTED, true",
    "NONE, COMPLETE, false",
    "NONE, FAILED, false",
    "NONE, REJECTED, false",
  })
  void theConditionSaysWhatIsReplaced(
      RestartCondition condition, TaskState ended, boolean replaced) {
    ServiceId id = running(spec(condition, Duration.ZERO));
    end(id, ended);
    assertEquals(replaced ? 1 : 0, stage.wanted(id).size());
    stage.failOver();
    stage.settle();
    assertEquals(replaced ? 1 : 0, stage.wanted(id).size(), "another manager thinks the same");
  }

  @Test
  void withoutAPolicyATaskIsReplacedAfterFiveSeconds() {
    ServiceId id = running(Specs.replicated("web", 1));
    end(id, TaskState.COMPLETE);
    Task next = stage.only(stage.wanted(id));
    assertEquals(TaskState.READY, next.desired());
    stage.pass(Duration.ofMillis(4999));
    assertEquals(TaskState.READY, stage.task(next.id()).desired());
    stage.pass(Duration.ofMillis(1));
    assertEquals(TaskState.RUNNING, stage.task(next.id()).desired());
  }

  @Test
  void aDelayIsWaitedForWithAnAlarmAndSurvivesTheManager() {
    ServiceId id = running(spec(RestartCondition.ANY, Duration.ofSeconds(7)));
    end(id, TaskState.FAILED);
    Task next = stage.only(stage.wanted(id));
    var due = next.meta().createdAt().plus(Duration.ofSeconds(7));
    assertEquals(due, stage.look(new SlotKey(id, new Slot.Replica(1))).wakeAt());
    stage.pass(Duration.ofSeconds(3));
    stage.failOver();
    assertEquals(due, stage.look(new SlotKey(id, new Slot.Replica(1))).wakeAt());
    stage.pass(Duration.ofSeconds(4));
    assertEquals(TaskState.RUNNING, stage.task(next.id()).desired());
  }

  @Test
  void attemptsAreCountedAcrossManagers() {
    ServiceId id =
        running(Specs.attempts(spec(RestartCondition.ANY, Duration.ZERO), 3, Duration.ZERO));
    for (int restart = 1; restart <= 3; restart++) {
      end(id, TaskState.FAILED);
      assertEquals(1, stage.wanted(id).size(), "restart " + restart);
      stage.failOver();
      stage.settle();
    }
    end(id, TaskState.FAILED);
    assertEquals(0, stage.wanted(id).size());
    stage.failOver();
    stage.pass(Duration.ofHours(1));
    assertEquals(0, stage.wanted(id).size());
  }

  @Test
  void onlyAttemptsWithinTheWindowCount() {
    ServiceId id =
        running(
            Specs.attempts(spec(RestartCondition.ANY, Duration.ZERO), 2, Duration.ofSeconds(30)));
    end(id, TaskState.FAILED);
    stage.pass(Duration.ofSeconds(20));
    end(id, TaskState.FAILED);
    stage.failOver();
    stage.pass(Duration.ofSeconds(20));
    end(id, TaskState.FAILED);
    assertEquals(1, stage.wanted(id).size(), "the first is out of the window");
    end(id, TaskState.FAILED);
    assertEquals(0, stage.wanted(id).size());
  }

  @Test
  void whatEndedForGoodIsNotBegunAgainWhenTheWindowIsOver() {
    ServiceSpec spec =
        Specs.attempts(spec(RestartCondition.ON_FAILURE, Duration.ZERO), 1, Duration.ofSeconds(20));
    ServiceId id = running(spec);
    end(id, TaskState.FAILED);
    end(id, TaskState.FAILED);
    assertEquals(0, stage.wanted(id).size());
    stage.pass(Duration.ofMinutes(1));
    stage.failOver();
    stage.settle();
    assertEquals(0, stage.wanted(id).size(), "who looks when makes no difference");
    stage.update(id, Specs.replicas(spec, 2));
    stage.run();
    assertEquals(new Slot.Replica(2), stage.only(stage.wanted(id)).slot());
  }

  @Test
  void attemptsCountWhenATaskEndsAndNotWhenALeaderLooks() {
    ServiceId id =
        running(
            Specs.attempts(spec(RestartCondition.ANY, Duration.ZERO), 1, Duration.ofSeconds(20)));
    end(id, TaskState.FAILED);
    Task second = stage.only(stage.wanted(id));
    stage.report(second.id(), TaskState.FAILED);
    stage.pass(Duration.ofMinutes(1));
    assertEquals(0, stage.wanted(id).size());
  }

  @Test
  void aNewSpecHasAllItsAttempts() {
    ServiceSpec spec = Specs.attempts(spec(RestartCondition.ANY, Duration.ZERO), 1, Duration.ZERO);
    ServiceId id = running(spec);
    end(id, TaskState.FAILED);
    end(id, TaskState.FAILED);
    assertEquals(0, stage.wanted(id).size());
    stage.update(id, Specs.image(spec, "two"));
    stage.run();
    assertEquals(1, stage.wanted(id).size());
    end(id, TaskState.FAILED);
    assertEquals(1, stage.wanted(id).size());
    end(id, TaskState.FAILED);
    assertEquals(0, stage.wanted(id).size());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void historyIsKeptToItsLimit(int limit) {
    stage.historyLimit(limit);
    ServiceId id = running(spec(RestartCondition.ANY, Duration.ZERO));
    for (int i = 0; i < 6; i++) {
      end(id, TaskState.FAILED);
    }
    assertEquals(Math.max(limit, 1), stage.tasks(id).size(), "those that ended and the one wanted");
    assertTrue(stage.tasks(id).getLast().isRunnable());
  }

  @Test
  void aLowerLimitForgetsAtOnce() {
    stage.historyLimit(5);
    ServiceId id = running(spec(RestartCondition.ANY, Duration.ZERO));
    for (int i = 0; i < 6; i++) {
      end(id, TaskState.FAILED);
    }
    assertEquals(5, stage.tasks(id).size());
    stage.historyLimit(2);
    stage.settle();
    assertEquals(2, stage.tasks(id).size());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5})
  void whatEndedForGoodIsNotForgotten(int limit) {
    stage.historyLimit(limit);
    ServiceId id = running(spec(RestartCondition.ON_FAILURE, Duration.ZERO));
    end(id, TaskState.FAILED);
    end(id, TaskState.COMPLETE);
    stage.failOver();
    stage.settle();
    assertEquals(0, stage.wanted(id).size(), "the next manager must not run it again");
  }

  @Test
  void aReplacementWaitsUntilTheOldTaskIsKnownToHaveStopped() {
    ServiceSpec spec = Specs.replicated("web", 1);
    ServiceId id = running(spec);
    Task old = stage.only(stage.wanted(id));
    stage.update(id, Specs.image(spec, "two"));
    stage.settle();
    Task made = stage.wanted(id).getLast();
    stage.report(made.id(), TaskState.READY);
    stage.settle();
    assertEquals(TaskState.SHUTDOWN, stage.task(old.id()).desired());
    assertEquals(TaskState.READY, stage.task(made.id()).desired());
    stage.pass(SlotReconciler.OLD_TASK_TIMEOUT.minusMillis(1));
    assertEquals(TaskState.READY, stage.task(made.id()).desired());
    stage.pass(Duration.ofMillis(1));
    assertEquals(TaskState.RUNNING, stage.task(made.id()).desired(), "it is waited for a minute");
  }

  @Test
  void aServiceThatIsRemovedLeavesNothing() {
    ServiceId id = running(Specs.replicated("web", 3));
    Service service = stage.service(id);
    stage.apply(new dev.swarm.core.store.Change.RemoveService(service.id()));
    stage.settle();
    stage.tasks(id).forEach(task -> assertEquals(TaskState.REMOVE, task.desired()));
    stage.run();
    assertEquals(0, stage.tasks(id).size());
    assertTrue(stage.snapshot().tasksOf().isEmpty());
  }
}
