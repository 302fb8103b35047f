package dev.swarm.worker.task;

import docker.swarmkit.v1.Task;
import docker.swarmkit.v1.TaskState;

/** The next step for a task: a pure function of its state and the desired one. */
public enum Step {
  /** The task is where it should be, or its life is over. */
  HOLD,
  ACCEPT,
  PREPARE,
  START,
  /** It runs; wait for its end. */
  AWAIT,
  STOP,
  /** The manager took the task away: leave nothing of it. */
  DELETE;

  /**
   * ACCEPTED and READY are where a task is held; between them it goes on by itself. A desired state
   * from SHUTDOWN on stops it; COMPLETE, which jobs have, lets it run to its end.
   */
  public static Step next(TaskState observed, TaskState desired, boolean removed) {
    if (removed) {
      return DELETE;
    }
    if (ended(observed)) {
      return HOLD;
    }
    if (desired.getNumber() >= TaskState.SHUTDOWN_VALUE) {
      return STOP;
    }
    return switch (observed) {
      case PREPARING -> PREPARE;
      case STARTING -> START;
      case RUNNING -> AWAIT;
      case NEW, PENDING, ASSIGNED -> below(TaskState.ACCEPTED, desired, ACCEPT);
      case ACCEPTED -> below(TaskState.PREPARING, desired, PREPARE);
      case READY -> below(TaskState.STARTING, desired, START);
      case COMPLETE, SHUTDOWN, FAILED, REJECTED, REMOVE, ORPHANED, UNRECOGNIZED -> HOLD;
    };
  }

  private static Step below(TaskState next, TaskState desired, Step step) {
    return desired.getNumber() >= next.getNumber() ? step : HOLD;
  }

  /** Whether a task in {@code state} will never run again. */
  public static boolean ended(TaskState state) {
    return state == TaskState.UNRECOGNIZED || state.getNumber() > TaskState.RUNNING_VALUE;
  }

  /**
   * The desired state of {@code task}; a number we don't know counts as the highest known below.
   */
  static TaskState desired(Task task) {
    TaskState best = TaskState.NEW;
    for (TaskState state : TaskState.values()) {
      if (state != TaskState.UNRECOGNIZED
          && state.getNumber() <= task.getDesiredStateValue()
          && state.getNumber() > best.getNumber()) {
        best = state;
      }
    }
    return best;
  }
}
