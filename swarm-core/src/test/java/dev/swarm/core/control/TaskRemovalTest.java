package dev.swarm.core.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.control.task.TaskControl;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.plan.Decision;
import dev.swarm.core.plan.Verdict;
import dev.swarm.core.stage.Specs;
import dev.swarm.core.stage.Stage;
import dev.swarm.core.store.Change;
import docker.swarmkit.v1.RemoveTaskRequest;
import docker.swarmkit.v1.RestartPolicy.RestartCondition;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A task that an operator removes stops first, and what it has is given to nobody until then. */
class TaskRemovalTest {
  private final Stage stage = new Stage();
  private final NodeId node = stage.node("n");

  private void remove(Task task) {
    Decision.Context context =
        new Decision.Context(stage.now(), stage.snapshot().index() + 1, () -> "unused");
    Verdict.Accepted<?> accepted =
        assertInstanceOf(
            Verdict.Accepted.class,
            TaskControl.remove(RemoveTaskRequest.newBuilder().setTaskId(task.id().value()).build())
                .decide(stage.snapshot(), context));
    stage.apply(accepted.changes().toArray(Change[]::new));
    stage.settle();
  }

  private boolean exists(TaskId id) {
    return stage.snapshot().tasks().contains(id);
  }

  @Test
  void aRunningTaskStopsAndItsPortIsFreeOnlyThen() {
    ServiceId web = stage.service(Specs.port(Specs.replicated("web", 1), 8080));
    stage.run();
    Task old = stage.only(stage.wanted(web));
    remove(old);
    assertEquals(TaskState.REMOVE, stage.task(old.id()).desired(), "its node is told to");
    Task next = stage.only(stage.wanted(web));
    assertEquals(TaskState.PENDING, next.state(), next.status().err());
    remove(stage.task(old.id()));
    assertTrue(exists(old.id()), "asking again does not make it stop sooner");
    stage.run();
    assertFalse(exists(old.id()));
    assertEquals(TaskState.RUNNING, stage.task(next.id()).state());
  }

  @Test
  void anotherLeaderSeesToIt() {
    ServiceId web = stage.service(Specs.replicated("web", 2));
    stage.run();
    Task old = stage.wanted(web).getFirst();
    remove(old);
    stage.failOver();
    stage.run();
    assertFalse(exists(old.id()));
    assertEquals(2, stage.wanted(web).size());
  }

  @Test
  void aJobsTaskIsDoneAgain() {
    ServiceId job = stage.job(Specs.job("job", 1, 1));
    stage.run();
    Task old = stage.only(stage.wanted(job));
    remove(old);
    stage.run();
    assertFalse(exists(old.id()));
    assertNotEquals(old.id(), stage.only(stage.wanted(job)).id());
  }

  @Test
  void whatNoNodeHasIsForgottenAtOnce() {
    ServiceId big = stage.service(Specs.cpus(Specs.replicated("big", 1), 1000));
    stage.settle();
    Task waits = stage.only(stage.wanted(big));
    remove(waits);
    assertFalse(exists(waits.id()));
    ServiceId web = stage.service(Specs.replicated("web", 1));
    stage.run();
    Task ended = stage.only(stage.wanted(web));
    stage.report(ended.id(), TaskState.FAILED);
    stage.settle();
    remove(ended);
    assertFalse(exists(ended.id()));
  }

  /** It filled its slot while it was there, and whoever leads must find that out at once. */
  @Test
  void oneThatHadEndedForGoodIsReplaced() {
    ServiceId once =
        stage.service(
            Specs.restart(Specs.replicated("once", 2), RestartCondition.NONE, Duration.ZERO));
    stage.run();
    Task ended = stage.wanted(once).getFirst();
    stage.report(ended.id(), TaskState.COMPLETE);
    stage.settle();
    assertEquals(1, stage.wanted(once).size());
    remove(stage.task(ended.id()));
    assertFalse(exists(ended.id()));
    assertEquals(2, stage.wanted(once).size());
  }

  @Test
  void onANodeThatIsDownNobodyWaitsForIt() {
    ServiceId web = stage.service(Specs.replicated("web", 1));
    stage.run();
    Task old = stage.only(stage.wanted(web));
    stage.state(node, Node.State.DOWN);
    remove(old);
    assertFalse(exists(old.id()));
  }
}
