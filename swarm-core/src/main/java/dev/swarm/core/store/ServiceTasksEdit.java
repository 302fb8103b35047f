package dev.swarm.core.store;

import dev.swarm.core.model.Slot;
import dev.swarm.core.model.TaskId;

/** The tasks of one service while a snapshot is edited. */
final class ServiceTasksEdit {
  final Table.Builder<Slot, SlotTasks> slots;
  final Table.Builder<Slot, Slot> runnable;
  final Table.Builder<Slot, Slot> outdated;
  final Table.Builder<TaskId, TaskId> unscheduled;

  ServiceTasksEdit(ServiceTasks base) {
    slots = base.slots().edit();
    runnable = base.runnable().edit();
    outdated = base.outdated().edit();
    unscheduled = base.unscheduled().edit();
  }

  SlotTasks slot(Slot slot) {
    SlotTasks found = slots.get(slot);
    return found == null ? SlotTasks.EMPTY : found;
  }

  void putSlot(Slot slot, SlotTasks tasks) {
    if (tasks.tasks().isEmpty()) {
      slots.remove(slot);
    } else {
      slots.put(slot, tasks);
    }
  }

  static void mark(Table.Builder<Slot, Slot> slots, Slot slot, boolean on) {
    if (on) {
      slots.put(slot, slot);
    } else {
      slots.remove(slot);
    }
  }

  ServiceTasks build() {
    return new ServiceTasks(slots.build(), runnable.build(), outdated.build(), unscheduled.build());
  }
}
