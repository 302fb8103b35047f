package dev.swarm.core.orchestrator;

import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.Service;
import dev.swarm.core.model.Slot;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.plan.Command;
import dev.swarm.core.plan.Plan;
import dev.swarm.core.store.ServiceTasks;
import dev.swarm.core.store.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What is different about services whose tasks are to run to their end. Each completion has a slot
 * of its own. An update is another run: it begins from nothing, and ends what the last one left.
 */
final class JobReconciler {
  private JobReconciler() {}

  /** Whether a task belongs to a run of its job before the present one. */
  static boolean isOfEarlierRun(Service service, Task task) {
    return service.isJob()
        && !task.template().jobIteration().equals(service.template().jobIteration());
  }

  /** Has each slot that still has a task of an earlier run end it. */
  static void endEarlierRuns(
      Snapshot snapshot, Service service, ServiceTasks tasks, Instant now, Plan.Builder plan) {
    for (Slot slot : tasks.outdated().keys().stream().sorted().toList()) {
      if (plan.isFull()) {
        plan.more();
        return;
      }
      SlotReconciler.reconcile(snapshot, service.id(), slot, now).commands().forEach(plan::add);
    }
  }

  /** Starts as many tasks as may run at once, until there is one for every completion. */
  static void fillSlots(Snapshot snapshot, Service service, ServiceTasks tasks, Plan.Builder plan) {
    int running = 0;
    List<Slot> vacant = new ArrayList<>();
    for (int number = 1; number <= service.replicas(); number++) {
      Slot slot = new Slot.Replica(number);
      switch (progress(snapshot, service, slot)) {
        case VACANT -> vacant.add(slot);
        case RUNNING -> running++;
        case OVER -> {}
      }
    }
    for (Slot slot : tasks.slots().keys()) {
      if (slot instanceof Slot.Replica replica && replica.number() > service.replicas()) {
        ServiceReconciler.retire(snapshot, service, slot, plan);
      }
    }
    int room = Math.clamp((long) service.concurrent() - running, 0, vacant.size());
    for (Slot slot : vacant.subList(0, room)) {
      if (plan.isFull()) {
        plan.more();
        return;
      }
      plan.add(new Command.Create(service.id(), slot, NodeId.NONE, service.template().goal()));
    }
  }

  private enum Progress {
    VACANT,
    RUNNING,
    /** Its task completed, or failed for good. */
    OVER
  }

  private static Progress progress(Snapshot snapshot, Service service, Slot slot) {
    List<Task> tasks = snapshot.tasksIn(service.id(), slot);
    for (Task task : tasks) {
      if (task.isRunnable() && !isOfEarlierRun(service, task)) {
        return task.state() == TaskState.COMPLETE ? Progress.OVER : Progress.RUNNING;
      }
    }
    return SlotReconciler.isFinished(snapshot, service, slot, tasks)
        ? Progress.OVER
        : Progress.VACANT;
  }
}
