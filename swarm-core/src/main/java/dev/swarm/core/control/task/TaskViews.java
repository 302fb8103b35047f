package dev.swarm.core.control.task;

import dev.swarm.core.model.Cause;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.RestartDelay;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Slot;
import dev.swarm.core.model.Task;
import dev.swarm.core.store.Snapshot;
import dev.swarm.core.wire.ToWire;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.stream.Stream;

/** Finds tasks, names them, and converts them to what users see. */
public final class TaskViews {
  private TaskViews() {}

  /** The tasks of one service, in no order that a decision may rest on. */
  public static Stream<Task> of(Snapshot snapshot, ServiceId service) {
    return snapshot.tasksOf(service).slots().stream()
        .flatMap(slot -> slot.tasks().stream())
        .flatMap(id -> snapshot.tasks().find(id).stream());
  }

  /**
   * A task as users see it. One that waits for its turn says when that is. One that was called off
   * says why: in a field of its own, which changes nothing for whoever parses the others, and as
   * its error where something is wrong and no node was there to say what.
   */
  static docker.swarmkit.v1.Task wire(Task task, Snapshot snapshot) {
    docker.swarmkit.v1.Task.Builder told =
        ToWire.task(task, snapshot.networks()::find).toBuilder().setReason(reason(task, snapshot));
    if (told.getStatus().getErr().isEmpty()) {
      if (task.isHeld() && task.attempt().restart()) {
        told.getStatusBuilder().setErr(nextTry(task));
      } else if (!task.isRunnable() && task.attempt().cause().isTrouble()) {
        told.getStatusBuilder().setErr(told.getReason());
      }
    }
    return told.build();
  }

  private static String reason(Task task, Snapshot snapshot) {
    Cause cause = task.attempt().cause();
    String words = cause.words(node -> nodeName(node, snapshot));
    boolean ofPredecessor =
        task.isRunnable() && cause != Cause.Plain.NONE && cause != Cause.Plain.ASKED_FOR;
    return ofPredecessor ? "in place of another: " + words : words;
  }

  private static String nodeName(NodeId id, Snapshot snapshot) {
    return snapshot
        .nodes()
        .find(id)
        .map(Node::hostname)
        .filter(name -> !name.isEmpty())
        .orElse(id.value());
  }

  /** Short before long: clients cut what they list after 30 characters. */
  private static String nextTry(Task task) {
    Instant due = RestartDelay.dueAt(task);
    boolean soon = due.isBefore(task.meta().createdAt().plus(Duration.ofHours(12)));
    String when =
        DateTimeFormatter.ofPattern(soon ? "HH:mm:ss 'UTC'" : "yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT)
            .format(due.plusMillis(999).atOffset(ZoneOffset.UTC));
    int failures = task.attempt().failures();
    return "next try at "
        + when
        + (failures > 1 ? ", after " + failures + " failures in a row" : "");
  }

  /** What logs, filters and containers call a task: {@code web.1.<id>}. */
  static String name(Task task) {
    String place =
        switch (task.slot()) {
          case Slot.Replica replica -> Integer.toString(replica.number());
          case Slot.OnNode onNode -> onNode.node().value();
        };
    return task.template().service().getName() + "." + place + "." + task.id();
  }
}
