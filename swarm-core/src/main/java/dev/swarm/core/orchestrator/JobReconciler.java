package dev.swarm.core.orchestrator;

import dev.swarm.core.model.Service;
import dev.swarm.core.model.Slot;
import dev.swarm.core.model.Task;
import dev.swarm.core.plan.Plan;
import dev.swarm.core.spec.ServiceMode;
import dev.swarm.core.store.ServiceTasks;
import dev.swarm.core.store.Snapshot;
import java.time.Instant;
import java.util.List;

/**
 * The part of reconciling that only jobs have: their tasks run to an end. Each completion has a
 * slot of its own. An update starts another run from nothing, and ends what is left of the last
 * one.
 */
final class JobReconciler {
  private JobReconciler() {}

  /** Whether a task belongs to a run of its job before the present one. */
  static boolean isOfEarlierRun(Service service, Task task) {
    return service.mode().isJob()
        && !task.template().jobIteration().equals(service.template().jobIteration());
  }

  /**
   * Whether no task of an earlier run is wanted to run. Otherwise has each slot that has one end
   * it; the present run goes on after that.
   */
  static boolean earlierRunsEnded(
      Snapshot snapshot, Service service, Instant now, Plan.Builder plan) {
    List<Slot> outdated =
        snapshot.tasksOf(service.id()).outdated().keys().stream().sorted().toList();
    for (Slot slot : outdated) {
      if (!plan.isFull()) {
        SlotReconciler.reconcile(snapshot, service.id(), slot, now).commands().forEach(plan::add);
      }
    }
    if (!outdated.isEmpty()) {
      plan.more();
    }
    return outdated.isEmpty();
  }

  /** Starts as many tasks as may run at once, until there is one for every completion. */
  static void fillSlots(
      Snapshot snapshot, Service service, ServiceMode.ReplicatedJob job, Plan.Builder plan) {
    ServiceTasks tasks = snapshot.tasksOf(service.id());
    if (tasks.numbers().last() > job.completions()) {
      List<Slot> slots = tasks.slots().keys().stream().sorted().toList();
      ServiceReconciler.retireBeyond(job.completions(), slots, snapshot, service, plan);
    }
    int running = tasks.runnable().size() - tasks.completed();
    int room = Math.max(0, job.concurrent() - running);
    List<Slot> failed =
        tasks.resting().keys().stream()
            .filter(slot -> !SlotReconciler.isFinished(snapshot, service, slot))
            .toList();
    for (Slot slot : tasks.numbers().free(room, job.completions(), failed)) {
      ServiceReconciler.create(service, slot, plan);
    }
  }
}
