package dev.swarm.core.store;

import dev.swarm.core.model.Slot;
import dev.swarm.core.model.TaskId;

/** The tasks of one service while a snapshot is edited. */
final class ServiceTasksEdit {
  final Table.Builder<Slot, SlotTasks> slots;
  final Table.Builder<Slot, Slot> runnable;
  final Table.Builder<Slot, Slot> resting;
  final Table.Builder<Slot, Slot> outdated;
  final Table.Builder<TaskId, TaskId> unscheduled;
  final SlotNumbers.Edit numbers;
  int completed;

  ServiceTasksEdit(ServiceTasks base) {
    slots = base.slots().edit();
    runnable = base.runnable().edit();
    resting = base.resting().edit();
    outdated = base.outdated().edit();
    unscheduled = base.unscheduled().edit();
    numbers = new SlotNumbers.Edit(base.numbers());
    completed = base.completed();
  }

  SlotTasks slot(Slot slot) {
    SlotTasks found = slots.get(slot);
    return found == null ? SlotTasks.EMPTY : found;
  }

  void putSlot(Slot slot, SlotTasks tasks) {
    boolean isNew = !slots.contains(slot);
    if (tasks.tasks().isEmpty()) {
      slots.remove(slot);
      resting.remove(slot);
      if (!isNew) {
        numbers.giveBack(slot);
      }
      return;
    }
    slots.put(slot, tasks);
    if (isNew) {
      numbers.take(slot);
      mark(resting, slot, !runnable.contains(slot));
    }
  }

  void markRunnable(Slot slot, boolean on) {
    mark(runnable, slot, on);
    mark(resting, slot, !on && slots.contains(slot));
  }

  static void mark(Table.Builder<Slot, Slot> slots, Slot slot, boolean on) {
    if (on) {
      slots.put(slot, slot);
    } else {
      slots.remove(slot);
    }
  }

  ServiceTasks build() {
    return new ServiceTasks(
        slots.build(),
        runnable.build(),
        resting.build(),
        outdated.build(),
        unscheduled.build(),
        numbers.build(),
        completed);
  }
}
