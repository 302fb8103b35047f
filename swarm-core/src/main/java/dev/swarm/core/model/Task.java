package dev.swarm.core.model;

/**
 * One attempt to run what a service asks for. A task never moves: when it fails or its node is
 * lost, another task takes its slot.
 *
 * @param node {@link NodeId#NONE} until scheduled; preset for global services
 * @param desired what is wanted of it; never goes back
 */
public record Task(
    TaskId id,
    Meta meta,
    TaskTemplate template,
    Slot slot,
    NodeId node,
    TaskState desired,
    TaskStatus status) {

  public ServiceId serviceId() {
    return template.serviceId();
  }

  public TaskState state() {
    return status.state();
  }

  /** Whether it is wanted to run, now or soon. */
  public boolean isRunnable() {
    return desired.isRunnable();
  }

  /** Whether it has ended, or was called off before any agent knew of it. */
  public boolean isDead() {
    return !isRunnable() && (state().isTerminal() || state().isBefore(TaskState.ASSIGNED));
  }

  /** Whether it waits for a node to be found. */
  public boolean isUnscheduled() {
    return isRunnable() && state() == TaskState.PENDING;
  }

  /** Whether it takes resources of its node: assigned, and not known to have ended. */
  public boolean occupiesNode() {
    return !node.isNone() && !state().isBefore(TaskState.ASSIGNED) && !state().isTerminal();
  }

  /** Whether the dispatcher tells the task's node about it. */
  public boolean isDispatched() {
    return !node.isNone() && !state().isBefore(TaskState.ASSIGNED);
  }
}
