package dev.swarm.core.store;

import dev.swarm.core.model.Slot;
import dev.swarm.core.model.TaskId;

/**
 * The tasks of one service, by slot.
 *
 * @param runnable slots that have a task which is wanted to run
 * @param resting slots that have tasks, but none which is wanted to run
 * @param outdated slots that have one which is wanted to run and runs an old spec
 * @param unscheduled tasks that wait for a node
 * @param numbers which numbers the slots have taken
 * @param completed how many tasks are wanted to complete and have
 */
public record ServiceTasks(
    Table<Slot, SlotTasks> slots,
    Table<Slot, Slot> runnable,
    Table<Slot, Slot> resting,
    Table<Slot, Slot> outdated,
    Table<TaskId, TaskId> unscheduled,
    SlotNumbers numbers,
    int completed) {
  public static final ServiceTasks EMPTY =
      new ServiceTasks(
          Table.empty(),
          Table.empty(),
          Table.empty(),
          Table.empty(),
          Table.empty(),
          SlotNumbers.NONE,
          0);
}
