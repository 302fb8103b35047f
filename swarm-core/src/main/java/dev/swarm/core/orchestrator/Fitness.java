package dev.swarm.core.orchestrator;

import dev.swarm.core.model.Node;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.placement.Filters;
import dev.swarm.core.spec.TaskPolicy;
import dev.swarm.core.store.Snapshot;
import java.time.Instant;

/** Whether a task may stay where it is. */
enum Fitness {
  FIT,
  /** The task ended by itself. */
  ENDED,
  /** Its node is down or gone. */
  NODE_LOST,
  /** Its node is down, and too many went with it: wait whether they come back. */
  NODE_LOST_HELD,
  /** Its node is being emptied, or no longer meets the service's constraints. */
  EVICTED;

  static Fitness of(Snapshot snapshot, Task task, TaskPolicy current, Instant now) {
    if (task.state() == TaskState.COMPLETE && task.desired() == TaskState.COMPLETE) {
      return FIT; // it did what was wanted of it
    }
    if (task.state().isTerminal()) {
      return ENDED;
    }
    if (task.node().isNone()) {
      return FIT;
    }
    Node node = snapshot.nodes().get(task.node());
    if (node == null) {
      return NODE_LOST;
    }
    if (node.isDown()) {
      return now.isBefore(MassFailure.heldUntil(snapshot)) ? NODE_LOST_HELD : NODE_LOST;
    }
    if (node.isDrained()) {
      return EVICTED;
    }
    return Filters.select(node, current) ? FIT : EVICTED;
  }
}
