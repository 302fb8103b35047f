package dev.swarm.core.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.swarm.core.model.Cause;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.model.TaskStatus;
import dev.swarm.core.stage.Specs;
import dev.swarm.core.stage.Stage;
import dev.swarm.core.store.Change;
import docker.swarmkit.v1.NodeSpec.Availability;
import docker.swarmkit.v1.PortStatus;
import docker.swarmkit.v1.ServiceSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A task remembers why it was called off, and the one in its place why it was made. */
class CausesOfTasksTest {
  private final Stage stage = new Stage();
  private final NodeId a = stage.node("a");

  private ServiceId running(ServiceSpec spec) {
    ServiceId id = stage.service(spec);
    stage.run();
    return id;
  }

  private Cause causeOf(TaskId id) {
    return stage.task(id).attempt().cause();
  }

  /** The only task there is becomes one that is called off, and one in its place. */
  private void replaced(ServiceId id, TaskId old, Cause cause) {
    assertEquals(cause, causeOf(old));
    List<Task> wanted = stage.wanted(id);
    assertEquals(cause, stage.only(wanted).attempt().cause());
  }

  private void ends(TaskId id, TaskState state, String err, int exitCode) {
    TaskStatus.Run run = new TaskStatus.Run("c1", 0, exitCode, PortStatus.getDefaultInstance());
    stage.apply(
        Change.AdvanceTask.report(id, new TaskStatus(state, stage.now(), "ended", err, run)));
    stage.settle();
  }

  @Test
  void aTaskThatItsServiceAsksForSaysSo() {
    ServiceId id = running(Specs.replicated("web", 1));
    assertEquals(Cause.Plain.ASKED_FOR, stage.only(stage.wanted(id)).attempt().cause());
  }

  @Test
  void aNodeThatIsDownSaysSinceWhen() {
    ServiceId id = running(Specs.replicated("web", 1));
    TaskId old = stage.only(stage.wanted(id)).id();
    stage.node("b");
    stage.node("c");
    Instant since = stage.now();
    stage.state(a, Node.State.DOWN);
    stage.settle();
    replaced(id, old, new Cause.NodeDown(a, since));
  }

  @Test
  void afterAMassFailureTheBrakeIsTheReason() {
    ServiceId id = running(Specs.replicated("web", 1));
    TaskId old = stage.only(stage.wanted(id)).id();
    NodeId b = stage.node("b");
    stage.node("c");
    stage.state(b, Node.State.DOWN);
    Instant since = stage.now();
    stage.state(a, Node.State.DOWN);
    stage.settle();
    assertEquals(old, stage.only(stage.wanted(id)).id(), "it is waited whether they come back");
    stage.pass(MassFailure.GRACE.plusSeconds(1));
    replaced(id, old, new Cause.MassFailure(a, since));
  }

  @Test
  void aDrainedNodeIsNamed() {
    ServiceId id = running(Specs.replicated("web", 1));
    TaskId old = stage.only(stage.wanted(id)).id();
    stage.node("b");
    stage.availability(a, Availability.DRAIN);
    stage.settle();
    replaced(id, old, new Cause.Drained(a));
  }

  @Test
  void theConstraintThatIsNoLongerMetIsNamed() {
    stage.label(a, "zone", "x");
    ServiceId id = running(Specs.constraint(Specs.replicated("web", 1), "node.labels.zone == x"));
    TaskId old = stage.only(stage.wanted(id)).id();
    stage.label(a, "zone", "y");
    stage.settle();
    replaced(id, old, new Cause.ConstraintUnmet(a, "node.labels.zone==x"));
  }

  @Test
  void howATaskEndedIsWhyThereIsAnother() {
    ServiceId id = running(Specs.replicated("web", 1));
    TaskId old = stage.only(stage.wanted(id)).id();
    ends(old, TaskState.FAILED, "task: non-zero exit (3)", 3);
    replaced(id, old, new Cause.Exited(3));
  }

  @Test
  void aFailedHealthCheckIsNotAnExit() {
    ServiceId id = running(Specs.replicated("web", 1));
    TaskId old = stage.only(stage.wanted(id)).id();
    String stock = "task: non-zero exit (143): dockerexec: unhealthy container";
    ends(old, TaskState.FAILED, stock, 143);
    replaced(id, old, Cause.Plain.UNHEALTHY);
  }

  @Test
  void anUpdateNamesTheVersion() {
    ServiceSpec spec = Specs.replicated("web", 1);
    ServiceId id = running(spec);
    TaskId old = stage.only(stage.wanted(id)).id();
    stage.update(id, Specs.image(spec, "two"));
    stage.run();
    replaced(id, old, new Cause.SpecChanged(stage.service(id).specVersion()));
  }

  @Test
  void whatIsTooManyWasScaledDown() {
    ServiceSpec spec = Specs.replicated("web", 3);
    ServiceId id = running(spec);
    stage.update(id, Specs.replicas(spec, 1));
    stage.settle();
    List<Task> gone = stage.tasks(id).stream().filter(task -> !task.isRunnable()).toList();
    assertEquals(2, gone.size());
    gone.forEach(task -> assertEquals(new Cause.ScaledDown(1), task.attempt().cause()));
  }

  @Test
  void whoIsStartedLaterKeepsTheReasonItWasMadeFor() {
    ServiceId id = running(Specs.replicated("web", 1));
    ends(stage.only(stage.wanted(id)).id(), TaskState.FAILED, "task: non-zero exit (3)", 3);
    stage.run();
    stage.pass(Duration.ofSeconds(10));
    stage.run();
    Task newest = stage.only(stage.wanted(id));
    assertEquals(TaskState.RUNNING, newest.state());
    assertEquals(new Cause.Exited(3), newest.attempt().cause());
  }
}
