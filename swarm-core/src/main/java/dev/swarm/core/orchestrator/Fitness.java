package dev.swarm.core.orchestrator;

import dev.swarm.core.model.Cause;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.placement.Filters;
import dev.swarm.core.spec.TaskPolicy;
import dev.swarm.core.store.Snapshot;
import java.time.Instant;
import java.util.Optional;

/** Decides whether a task may stay on its node, and why not. */
sealed interface Fitness {
  Fitness FIT = new Fit();
  Fitness HELD = new Held();

  /** All is well. */
  record Fit() implements Fitness {}

  /** Its node is down, and too many went with it: wait whether they come back. */
  record Held() implements Fitness {}

  /** It ended by itself. */
  record Ended(Cause how) implements Fitness {}

  /** It has to be replaced: its node is lost, is being emptied, or not meant for it. */
  record Leaves(Cause why) implements Fitness {}

  static Fitness of(Snapshot snapshot, Task task, TaskPolicy current, Instant now) {
    if (task.state() == TaskState.COMPLETE && task.desired() == TaskState.COMPLETE) {
      return FIT; // it did what was wanted of it
    }
    if (task.state().isTerminal()) {
      return new Ended(end(task));
    }
    if (task.node().isNone()) {
      return FIT;
    }
    Node node = snapshot.nodes().get(task.node());
    if (node == null) {
      return new Leaves(new Cause.NodeRemoved(task.node()));
    }
    if (node.isDown()) {
      return down(snapshot, node, now);
    }
    if (node.isDrained()) {
      return new Leaves(new Cause.Drained(node.id()));
    }
    if (Filters.select(node, current)) {
      return FIT;
    }
    Optional<String> unmet = Filters.unmet(node, current);
    return new Leaves(new Cause.ConstraintUnmet(node.id(), unmet.orElse("")));
  }

  private static Fitness down(Snapshot snapshot, Node node, Instant now) {
    Instant heldUntil = MassFailure.heldUntil(snapshot);
    if (now.isBefore(heldUntil)) {
      return HELD;
    }
    Instant since = node.status().since();
    return new Leaves(
        MassFailure.wentTogether(heldUntil, since)
            ? new Cause.MassFailure(node.id(), since)
            : new Cause.NodeDown(node.id(), since));
  }

  /** How a task ended. */
  static Cause end(Task task) {
    return switch (task.state()) {
      case COMPLETE -> Cause.Plain.COMPLETED;
      case FAILED -> failure(task);
      case REJECTED -> Cause.Plain.REJECTED;
      case ORPHANED, REMOVE -> Cause.Plain.ORPHANED;
      case SHUTDOWN -> Cause.Plain.STOPPED;
      case NEW, PENDING, ASSIGNED, ACCEPTED, PREPARING, READY, STARTING, RUNNING ->
          Cause.Plain.NONE;
    };
  }

  private static Cause failure(Task task) {
    // The word of stock engines for it, and of ours.
    if (task.status().err().contains("unhealthy container")) {
      return Cause.Plain.UNHEALTHY;
    }
    int code = task.status().run().exitCode();
    return code > 0 ? new Cause.Exited(code) : Cause.Plain.REJECTED;
  }
}
