package dev.swarm.worker.task;

import dev.swarm.core.port.Reason;
import dev.swarm.worker.engine.EngineException;
import dev.swarm.worker.engine.Exit;
import dev.swarm.worker.engine.Unit;
import docker.swarmkit.v1.ContainerStatus;
import docker.swarmkit.v1.PortStatus;
import docker.swarmkit.v1.TaskState;
import docker.swarmkit.v1.TaskStatus;
import java.util.concurrent.CompletionException;

/** Converts results of the engine to a task's status, without the time, which the caller sets. */
final class Outcomes {
  static final int ERROR_CHARS_MAX = 4096;

  private Outcomes() {}

  /** An operation worked, and {@code unit} is what stands for the task now. */
  static TaskStatus.Builder reached(TaskStatus status, TaskState state, String message, Unit unit) {
    TaskStatus.Builder next = status.toBuilder().setState(state).setMessage(message).setErr("");
    if (!unit.container().equals(ContainerStatus.getDefaultInstance())) {
      next.setContainer(unit.container());
    }
    if (!unit.ports().isEmpty()) {
      next.setPortStatus(PortStatus.newBuilder().addAllPorts(unit.ports()));
    }
    return next;
  }

  static TaskStatus.Builder exited(TaskStatus status, Exit exit) {
    return exit.failure().isEmpty()
        ? reached(status, TaskState.COMPLETE, "finished", exit.unit())
        : reached(status, TaskState.FAILED, status.getMessage(), exit.unit())
            .setErr(bounded(exit.failure()));
  }

  /** An operation did not work: a task that never started is rejected, another has failed. */
  static TaskStatus.Builder failed(TaskStatus status, Throwable error) {
    boolean started = status.getState().getNumber() >= TaskState.STARTING_VALUE;
    TaskStatus.Builder next =
        status.toBuilder()
            .setState(started ? TaskState.FAILED : TaskState.REJECTED)
            .setErr(bounded(text(error)));
    if (cause(error) instanceof EngineException known
        && !known.container().equals(ContainerStatus.getDefaultInstance())) {
      next.setContainer(known.container());
    }
    return next;
  }

  /** Whether the engine was not there to answer, so that nothing has failed. */
  static boolean isAway(Throwable error) {
    return cause(error) instanceof EngineException known && known.isAway();
  }

  /** A task waits where it is for an engine that is away. */
  static TaskStatus.Builder waiting(TaskStatus status, Throwable error) {
    return status.toBuilder().setErr(bounded(text(error)));
  }

  /** What is told of an engine's error. */
  static String text(Throwable error) {
    return Reason.of(error);
  }

  private static Throwable cause(Throwable error) {
    Throwable inner = error.getCause();
    return error instanceof CompletionException && inner != null ? cause(inner) : error;
  }

  private static String bounded(String text) {
    return text.length() <= ERROR_CHARS_MAX ? text : text.substring(0, ERROR_CHARS_MAX);
  }
}
