package dev.swarm.core.plan;

import dev.swarm.core.model.Attempt;
import dev.swarm.core.model.Cause;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Slot;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.model.TaskStatus;
import dev.swarm.core.port.IdSource;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.Snapshot;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * An intended change with its reason, decided by a controller; once committed it is a {@code
 * Change}.
 */
public sealed interface Command {
  /** The fact for which it is to be done. */
  Cause cause();

  /** A new task; its id is drawn when the plan becomes an entry. See {@link Change.CreateTask}. */
  record Create(
      ServiceId service, Slot slot, NodeId node, TaskState desired, Attempt attempt, boolean late)
      implements Command {
    /** One that follows no failure. */
    public Create(ServiceId service, Slot slot, NodeId node, TaskState desired, Cause cause) {
      this(service, slot, node, desired, Attempt.first(cause), false);
    }

    @Override
    public Cause cause() {
      return attempt.cause();
    }

    public Change.CreateTask as(TaskId id) {
      return new Change.CreateTask(id, service, slot, node, desired, attempt, late);
    }
  }

  /** A change that needs nothing from the world. */
  record Make(Change change, Cause cause) implements Command {}

  /**
   * What depends on ids or secrets: the changes are made when the plan becomes part of an entry.
   *
   * @param drawing gives the same changes for the same arguments
   */
  record Draw(Drawing drawing, Cause cause) implements Command {}

  /** Makes changes of what the world gives. */
  @FunctionalInterface
  interface Drawing {
    List<Change> draw(Snapshot snapshot, Instant now, IdSource ids);
  }

  /** What this comes to in {@code snapshot}, with ids for what it creates. */
  default void materialize(Snapshot snapshot, Instant now, IdSource ids, Consumer<Change> into) {
    switch (this) {
      case Create create -> into.accept(create.as(new TaskId(ids.next())));
      case Make make -> into.accept(make.change());
      case Draw draw -> draw.drawing().draw(snapshot, now, ids).forEach(into);
    }
  }

  /** Calls a task off. */
  static Command callOff(TaskId task, TaskState desired, Cause cause) {
    return new Make(Change.AdvanceTask.desire(task, desired, cause), cause);
  }

  /** Lets a task that was held go on. */
  static Command start(TaskId task, TaskState desired) {
    return new Make(Change.AdvanceTask.desire(task, desired), Cause.Plain.DUE);
  }

  /** Lets a task that waited for its time have a node. */
  static Command release(TaskId task, TaskState desired, Instant now) {
    TaskStatus status = TaskStatus.of(TaskState.PENDING, now, "pending task scheduling");
    return new Make(
        new Change.AdvanceTask(task, desired, NodeId.NONE, Optional.of(status)), Cause.Plain.DUE);
  }

  static Command report(TaskId task, TaskStatus status, Cause cause) {
    return new Make(Change.AdvanceTask.report(task, status), cause);
  }

  static Command remove(TaskId task, Cause cause) {
    return new Make(new Change.RemoveTask(task), cause);
  }
}
