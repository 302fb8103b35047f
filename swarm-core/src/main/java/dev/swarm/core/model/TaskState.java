package dev.swarm.core.model;

/**
 * Life cycle of a task. A task's state only ever grows. Managers move a task up to {@link
 * #ASSIGNED}, its agent from there on.
 */
public enum TaskState {
  NEW(0),
  PENDING(64),
  ASSIGNED(192),
  ACCEPTED(256),
  PREPARING(320),
  READY(384),
  STARTING(448),
  RUNNING(512),
  COMPLETE(576),
  SHUTDOWN(640),
  FAILED(704),
  REJECTED(768),
  REMOVE(800),
  ORPHANED(832);

  private final int number;

  TaskState(int number) {
    this.number = number;
  }

  /** The number on the wire. */
  public int number() {
    return number;
  }

  /** Whether the task has ended and will not run again. */
  public boolean isTerminal() {
    return compareTo(RUNNING) > 0;
  }

  /** As a desired state: whether the task is wanted to run, now or soon, for good or to its end. */
  public boolean isRunnable() {
    return compareTo(COMPLETE) <= 0;
  }

  public boolean isBefore(TaskState other) {
    return compareTo(other) < 0;
  }

  public boolean isAfter(TaskState other) {
    return compareTo(other) > 0;
  }

  /**
   * Whether a node may say this of a task that was {@code known} to be there: how it ended first is
   * how it ended. A node that lost its disk and is told to stop what it has no record of says that
   * it was shut down, and it may have completed.
   */
  public boolean mayBeSaidAfter(TaskState known) {
    return known.isTerminal() ? this == known : !isBefore(known);
  }

  /**
   * The state of that number, or the highest known one below it: numbers of later versions are
   * placed by order.
   */
  public static TaskState ofNumber(int number) {
    TaskState found = NEW;
    for (TaskState state : values()) {
      if (state.number <= number) {
        found = state;
      }
    }
    return found;
  }
}
