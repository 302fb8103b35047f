package dev.swarm.core.store;

import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.Service;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Slot;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.model.TaskTemplate;
import dev.swarm.core.store.Delta.Changed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The tasks while a snapshot is edited, and the indexes that follow from them. */
final class TaskIndex {
  private final Instant at;
  private final Table.Builder<ServiceId, Service> services;
  private final AddressIndex addresses;
  private final Table.Builder<TaskId, Task> tasks;
  private final Table.Builder<ServiceId, ServiceTasks> tasksOf;
  private final Table.Builder<NodeId, NodeTasks> tasksOn;
  private final Map<ServiceId, ServiceTasksEdit> openServices = new LinkedHashMap<>();
  private final Map<NodeId, NodeTasksEdit> openNodes = new LinkedHashMap<>();
  private final Table.Builder<ServiceId, ServiceId> waiting;
  private final List<Changed<Task>> changed = new ArrayList<>();

  /**
   * @param services as they are while the tasks are edited
   */
  TaskIndex(
      Snapshot base,
      Instant at,
      Table.Builder<ServiceId, Service> services,
      AddressIndex addresses) {
    this.at = at;
    this.services = services;
    this.addresses = addresses;
    tasks = base.tasks().edit();
    tasksOf = base.tasksOf().edit();
    tasksOn = base.tasksOn().edit();
    waiting = base.waiting().edit();
  }

  @Nullable Task get(TaskId id) {
    return tasks.get(id);
  }

  /** What changed so far, step by step. */
  List<Changed<Task>> changed() {
    return changed;
  }

  Table<TaskId, Task> tasks() {
    return tasks.build();
  }

  Table<ServiceId, ServiceTasks> byService() {
    openServices.forEach(this::close);
    return tasksOf.build();
  }

  Table<NodeId, NodeTasks> byNode() {
    openNodes.forEach(this::close);
    return tasksOn.build();
  }

  Table<ServiceId, ServiceId> waiting() {
    return waiting.build();
  }

  private void close(ServiceId id, ServiceTasksEdit edit) {
    if (edit.slots.isEmpty()) {
      tasksOf.remove(id);
    } else {
      tasksOf.put(id, edit.build());
    }
  }

  private void close(NodeId id, NodeTasksEdit edit) {
    if (edit.isEmpty()) {
      tasksOn.remove(id);
    } else {
      tasksOn.put(id, edit.build());
    }
  }

  ServiceTasksEdit tasksOf(ServiceId id) {
    ServiceTasksEdit open = openServices.get(id);
    if (open == null) {
      ServiceTasks base = tasksOf.get(id);
      open = new ServiceTasksEdit(base == null ? ServiceTasks.EMPTY : base);
      openServices.put(id, open);
    }
    return open;
  }

  NodeTasksEdit tasksOn(NodeId id) {
    NodeTasksEdit open = openNodes.get(id);
    if (open == null) {
      NodeTasks base = tasksOn.get(id);
      open = new NodeTasksEdit(base == null ? NodeTasks.EMPTY : base);
      openNodes.put(id, open);
    }
    return open;
  }

  /** Finds what runs another spec than the service has now. */
  void findOutdated(Service service) {
    ServiceTasks index = tasksOf(service.id()).build();
    if (index.slots().isEmpty()) {
      return; // without tasks there is no index, as there is none in a state read from an image
    }
    Map<TaskTemplate, Boolean> current = new IdentityHashMap<>();
    Table.Builder<Slot, Slot> outdated = Table.<Slot, Slot>empty().edit();
    for (Map.Entry<Slot, SlotTasks> slot : index.slots().entries()) {
      for (TaskId id : slot.getValue().tasks()) {
        Task task = tasks.get(id);
        if (task != null
            && task.isRunnable()
            && !current.computeIfAbsent(task.template(), service.template()::runsLike)) {
          outdated.put(slot.getKey(), slot.getKey());
        }
      }
    }
    putOutdated(service.id(), index, outdated.build());
  }

  private void putOutdated(ServiceId id, ServiceTasks index, Table<Slot, Slot> outdated) {
    openServices.put(
        id,
        new ServiceTasksEdit(
            new ServiceTasks(
                index.slots(),
                index.runnable(),
                index.resting(),
                outdated,
                index.unscheduled(),
                index.numbers(),
                index.completed())));
  }

  void forgetOutdated(ServiceId id) {
    ServiceTasks index = tasksOf(id).build();
    if (!index.outdated().isEmpty()) {
      putOutdated(id, index, Table.empty());
    }
  }

  /** Replaces one task by another version of it; either may be absent. */
  void store(@Nullable Task before, @Nullable Task after) {
    if (after != null) {
      tasks.put(after.id(), after);
    } else if (before != null) {
      tasks.remove(before.id());
    }
    indexByService(before, after);
    indexByNode(before, after);
    addresses.task(before, after);
    changed.add(new Changed<>(Optional.ofNullable(before), Optional.ofNullable(after)));
  }

  private void indexByService(@Nullable Task before, @Nullable Task after) {
    Task either = after != null ? after : Objects.requireNonNull(before);
    ServiceId service = either.serviceId();
    ServiceTasksEdit index = tasksOf(service);
    boolean wasUnscheduled = before != null && before.isUnscheduled();
    boolean isUnscheduled = after != null && after.isUnscheduled();
    if (isUnscheduled && !wasUnscheduled) {
      if (index.unscheduled.isEmpty()) {
        waiting.put(service, service);
      }
      index.unscheduled.put(either.id(), either.id());
    } else if (wasUnscheduled && !isUnscheduled) {
      index.unscheduled.remove(either.id());
      if (index.unscheduled.isEmpty()) {
        waiting.remove(service);
      }
    }
    index.completed += (hasCompleted(after) ? 1 : 0) - (hasCompleted(before) ? 1 : 0);
    boolean wasRunnable = before != null && before.isRunnable();
    boolean isRunnable = after != null && after.isRunnable();
    if (wasRunnable != isRunnable) {
      SlotTasks slot = index.slot(either.slot());
      index.markRunnable(either.slot(), anyRunnable(slot));
      if (!isRunnable || isOutdated(either)) {
        ServiceTasksEdit.mark(index.outdated, either.slot(), anyOutdated(slot));
      }
    }
  }

  private static boolean hasCompleted(@Nullable Task task) {
    return task != null && task.isRunnable() && task.state() == TaskState.COMPLETE;
  }

  private boolean anyRunnable(SlotTasks slot) {
    for (TaskId id : slot.tasks()) {
      Task task = tasks.get(id);
      if (task != null && task.isRunnable()) {
        return true;
      }
    }
    return false;
  }

  private boolean anyOutdated(SlotTasks slot) {
    for (TaskId id : slot.tasks()) {
      Task task = tasks.get(id);
      if (task != null && task.isRunnable() && isOutdated(task)) {
        return true;
      }
    }
    return false;
  }

  private boolean isOutdated(Task task) {
    Service service = services.get(task.serviceId());
    return service != null && !service.template().runsLike(task.template());
  }

  private void indexByNode(@Nullable Task before, @Nullable Task after) {
    NodeId was = before == null ? NodeId.NONE : before.node();
    NodeId is = after == null ? NodeId.NONE : after.node();
    boolean moved = !was.equals(is);
    if (before != null && !was.isNone() && moved) {
      tasksOn(was).remove(before);
    }
    if (after != null && !is.isNone()) {
      if (before != null && !moved && sameLoad(before, after)) {
        return;
      }
      NodeTasksEdit index = tasksOn(is);
      if (moved) {
        index.tasks.put(after.id(), after.id());
      } else if (before != null) {
        index.count(before, -1);
      }
      index.count(after, 1);
      if (endedBadly(after) && (before == null || !endedBadly(before))) {
        index.failed(after, at);
      }
    }
  }

  private static boolean sameLoad(Task before, Task after) {
    return before.occupiesNode() == after.occupiesNode()
        && before.isRunnable() == after.isRunnable()
        && endedBadly(before) == endedBadly(after);
  }

  private static boolean endedBadly(Task task) {
    return task.state() == TaskState.FAILED || task.state() == TaskState.REJECTED;
  }
}
