package dev.swarm.core.store;

import dev.swarm.core.model.Slot;
import dev.swarm.core.model.TaskId;

/**
 * The tasks of one service, by slot.
 *
 * @param runnable slots that have a task which is wanted to run
 * @param outdated slots that have one which runs an old spec
 * @param unscheduled tasks that wait for a node
 */
public record ServiceTasks(
    Table<Slot, SlotTasks> slots,
    Table<Slot, Slot> runnable,
    Table<Slot, Slot> outdated,
    Table<TaskId, TaskId> unscheduled) {
  public static final ServiceTasks EMPTY =
      new ServiceTasks(Table.empty(), Table.empty(), Table.empty(), Table.empty());
}
