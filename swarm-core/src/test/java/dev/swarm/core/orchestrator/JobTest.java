package dev.swarm.core.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.stage.Specs;
import dev.swarm.core.stage.Stage;
import docker.swarmkit.v1.NodeSpec.Availability;
import docker.swarmkit.v1.RestartPolicy.RestartCondition;
import docker.swarmkit.v1.ServiceSpec;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Services whose tasks are to run to their end. */
class JobTest {
  private final Stage stage = new Stage();

  private List<Task> in(ServiceId job, TaskState state) {
    return in(stage, job, state);
  }

  private static List<Task> in(Stage stage, ServiceId job, TaskState state) {
    return stage.tasks().stream()
        .filter(task -> task.serviceId().equals(job) && task.isRunnable())
        .filter(task -> task.state() == state)
        .toList();
  }

  private void end(Task task, TaskState state) {
    stage.report(task.id(), state);
    stage.run();
  }

  @Property(tries = 60)
  void everyCompletionIsReachedOnceAndNeverMoreRunThanMay(
      @ForAll @IntRange(max = 12) int completions, @ForAll @IntRange(min = 1, max = 5) int at) {
    Stage cluster = new Stage();
    cluster.node("n");
    ServiceId job = cluster.job(Specs.job("batch", completions, at));
    cluster.run();
    int done = 0;
    while (true) {
      List<Task> running = in(cluster, job, TaskState.RUNNING);
      assertEquals(Math.min(at, completions - done), running.size());
      if (running.isEmpty()) {
        break;
      }
      cluster.report(running.getFirst().id(), TaskState.COMPLETE);
      cluster.run();
      done++;
    }
    assertEquals(completions, done);
    assertEquals(
        completions,
        in(cluster, job, TaskState.COMPLETE).stream().map(Task::slot).distinct().count());
  }

  @Test
  void aTaskOfAJobIsWantedToComplete() {
    stage.node("n");
    ServiceId job = stage.job(Specs.job("batch", 1, 1));
    stage.run();
    assertEquals(TaskState.COMPLETE, stage.only(stage.wanted(job)).desired());
  }

  @Test
  void whatFailsIsTriedAgainAndWhatCompletesIsNot() {
    stage.node("n");
    ServiceSpec spec = Specs.restart(Specs.job("batch", 1, 1), RestartCondition.ANY, Duration.ZERO);
    ServiceId job = stage.job(spec);
    stage.run();
    end(stage.only(stage.wanted(job)), TaskState.FAILED);
    end(stage.only(in(job, TaskState.RUNNING)), TaskState.COMPLETE);
    assertEquals(1, in(job, TaskState.COMPLETE).size());
    assertEquals(2, stage.tasks().size(), "the failure stays as history");
  }

  @Test
  void aSlotWhoseAttemptsAreUsedUpIsLeftAlone() {
    stage.node("n");
    ServiceSpec spec =
        Specs.attempts(
            Specs.restart(Specs.job("batch", 2, 1), RestartCondition.ANY, Duration.ZERO),
            1,
            Duration.ZERO);
    ServiceId job = stage.job(spec);
    stage.run();
    end(stage.only(in(job, TaskState.RUNNING)), TaskState.FAILED);
    end(stage.only(in(job, TaskState.RUNNING)), TaskState.FAILED);
    end(stage.only(in(job, TaskState.RUNNING)), TaskState.COMPLETE);
    assertEquals(
        List.of(), in(job, TaskState.RUNNING), "the other slot had its turn, and no third");
  }

  @Test
  void anUpdateRunsTheJobAgain() {
    stage.node("n");
    ServiceSpec spec = Specs.job("batch", 2, 2);
    ServiceId job = stage.job(spec);
    stage.run();
    end(in(job, TaskState.RUNNING).getFirst(), TaskState.COMPLETE);
    Task left = stage.only(in(job, TaskState.RUNNING));
    stage.runAgain(job, spec);
    stage.run();
    assertTrue(
        stage.tasks().stream().noneMatch(task -> task.id().equals(left.id())),
        "what still ran is stopped and forgotten");
    assertEquals(2, in(job, TaskState.RUNNING).size());
    stage.failOver();
    stage.run();
    assertEquals(2, in(job, TaskState.RUNNING).size(), "another manager thinks the same");
    List.copyOf(in(job, TaskState.RUNNING)).forEach(task -> end(task, TaskState.COMPLETE));
    assertEquals(2, in(job, TaskState.COMPLETE).size());
  }

  @Test
  void aSmallerRunForgetsTheSlotsItHasNot() {
    stage.node("n");
    ServiceId job = stage.job(Specs.job("batch", 3, 3));
    stage.run();
    stage.runAgain(job, Specs.job("batch", 1, 1));
    stage.run();
    assertEquals(1, stage.tasks().size());
  }

  @Test
  void aGlobalJobRunsOnceOnEveryNode() {
    NodeId one = stage.node("one");
    ServiceId job = stage.job(Specs.globalJob("sweep"));
    stage.run();
    end(stage.only(in(job, TaskState.RUNNING)), TaskState.COMPLETE);
    stage.node("two");
    stage.run();
    assertEquals("two", stage.only(in(job, TaskState.RUNNING)).node().value());
    stage.availability(one, Availability.DRAIN);
    stage.run();
    stage.availability(one, Availability.ACTIVE);
    stage.run();
    assertEquals(1, in(job, TaskState.COMPLETE).size(), "what is done stays done");
    assertEquals(1, in(job, TaskState.RUNNING).size());
  }

  @Test
  void aTaskOnALostNodeRunsElsewhere() {
    NodeId one = stage.node("one");
    ServiceId job = stage.job(Specs.job("batch", 1, 1));
    stage.run();
    stage.node("two");
    stage.state(one, Node.State.DOWN);
    stage.run();
    assertEquals("two", stage.only(in(job, TaskState.RUNNING)).node().value());
  }
}
