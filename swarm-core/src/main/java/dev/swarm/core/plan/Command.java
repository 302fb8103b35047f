package dev.swarm.core.plan;

import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Slot;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.model.TaskStatus;
import dev.swarm.core.store.Change;
import java.time.Instant;
import java.util.Optional;

/** What a controller wants done. */
public sealed interface Command {
  /** A new task; its id is drawn when the plan becomes an entry. See {@link Change.CreateTask}. */
  record Create(
      ServiceId service,
      Slot slot,
      NodeId node,
      TaskState desired,
      boolean restart,
      int failures,
      boolean late)
      implements Command {
    /** One that follows no failure. */
    public Create(ServiceId service, Slot slot, NodeId node, TaskState desired) {
      this(service, slot, node, desired, false, 0, false);
    }

    public Change.CreateTask as(TaskId id) {
      return new Change.CreateTask(id, service, slot, node, desired, restart, failures, late);
    }
  }

  /** A change that needs nothing from the world. */
  record Make(Change change) implements Command {}

  /**
   * Fresh keys for the networks of stock engines; they are drawn when the plan becomes an entry.
   */
  record RotateKeys() implements Command {}

  static Command desire(TaskId task, TaskState desired) {
    return new Make(Change.AdvanceTask.desire(task, desired));
  }

  /** Lets a task that waited for its time have a node. */
  static Command release(TaskId task, TaskState desired, Instant now) {
    TaskStatus status = TaskStatus.of(TaskState.PENDING, now, "pending task scheduling");
    return new Make(new Change.AdvanceTask(task, desired, NodeId.NONE, Optional.of(status)));
  }

  static Command report(TaskId task, TaskStatus status) {
    return new Make(Change.AdvanceTask.report(task, status));
  }

  static Command remove(TaskId task) {
    return new Make(new Change.RemoveTask(task));
  }
}
