package dev.swarm.core.orchestrator;

import dev.swarm.core.model.Cause;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.plan.Command;
import dev.swarm.core.plan.Plan;
import dev.swarm.core.store.Snapshot;

/**
 * Removes a task that is not to stay in the history: stops it, and forgets it once no agent has it.
 */
final class Retirement {
  private Retirement() {}

  /** Wanted gone, and forgotten as soon as no agent has it any more. */
  static void add(Snapshot snapshot, Task task, Cause cause, Plan.Builder plan) {
    if (isGone(snapshot, task)) {
      plan.add(Command.remove(task.id(), cause));
    } else if (task.desired().isBefore(TaskState.REMOVE)) {
      plan.add(Command.callOff(task.id(), TaskState.REMOVE, cause));
    }
  }

  private static boolean isGone(Snapshot snapshot, Task task) {
    return task.state().isTerminal()
        || task.state().isBefore(TaskState.ASSIGNED)
        || !snapshot.nodes().contains(task.node());
  }
}
