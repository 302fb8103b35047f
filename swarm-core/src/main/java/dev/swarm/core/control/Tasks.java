package dev.swarm.core.control;

import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Slot;
import dev.swarm.core.model.Task;
import dev.swarm.core.store.Snapshot;
import java.util.stream.Stream;

/** Finding tasks. */
final class Tasks {
  private Tasks() {}

  /** The tasks of one service, in no order that a decision may rest on. */
  static Stream<Task> of(Snapshot snapshot, ServiceId service) {
    return snapshot.tasksOf(service).slots().stream()
        .flatMap(slot -> slot.tasks().stream())
        .flatMap(id -> snapshot.tasks().find(id).stream());
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
