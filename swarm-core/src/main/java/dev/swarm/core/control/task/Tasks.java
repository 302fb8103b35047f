package dev.swarm.core.control.task;

import dev.swarm.core.model.BackOff;
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

/** Finding tasks, and telling of them. */
public final class Tasks {
  private Tasks() {}

  /** The tasks of one service, in no order that a decision may rest on. */
  public static Stream<Task> of(Snapshot snapshot, ServiceId service) {
    return snapshot.tasksOf(service).slots().stream()
        .flatMap(slot -> slot.tasks().stream())
        .flatMap(id -> snapshot.tasks().find(id).stream());
  }

  /** A task as users see it; one that waits for its turn says when that is. */
  static docker.swarmkit.v1.Task wire(Task task, Snapshot snapshot) {
    docker.swarmkit.v1.Task wire = ToWire.task(task, snapshot.networks()::find);
    if (!task.isHeld() || !task.attempt().restart() || !task.status().err().isEmpty()) {
      return wire;
    }
    docker.swarmkit.v1.Task.Builder told = wire.toBuilder();
    told.getStatusBuilder().setErr(nextTry(task));
    return told.build();
  }

  /** Short before long: clients cut what they list after 30 characters. */
  private static String nextTry(Task task) {
    Instant due = BackOff.dueAt(task);
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
