package dev.swarm.core.orchestrator;

import dev.swarm.core.model.Cause;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.Service;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Slot;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.plan.Command;
import dev.swarm.core.plan.Plan;
import dev.swarm.core.spec.ServiceMode;
import dev.swarm.core.store.ServiceTasks;
import dev.swarm.core.store.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compares what a service wants with its slots: fills vacant ones, gives up surplus ones, updates.
 */
public final class ServiceReconciler {
  private ServiceReconciler() {}

  /** Idempotent: reconciling the result again asks for nothing. */
  public static Plan reconcile(Snapshot snapshot, ServiceId id, Instant now) {
    if (id.isNone()) {
      return Plan.NOTHING; // tasks of no service each look after themselves
    }
    Optional<Service> found = snapshot.services().find(id);
    ServiceTasks tasks = snapshot.tasksOf(id);
    Plan.Builder plan = Plan.builder();
    if (found.isEmpty()) {
      retireAll(snapshot, tasks, plan);
      return plan.build();
    }
    Service service = found.get();
    switch (service.mode()) {
      case ServiceMode.Replicated(int replicas) -> {
        fillSlots(snapshot, service, replicas, plan);
        update(snapshot, service, now, plan);
      }
      case ServiceMode.Global() -> {
        coverNodes(snapshot, service, now, plan);
        update(snapshot, service, now, plan);
      }
      // A job is not updated but run anew.
      case ServiceMode.ReplicatedJob job -> {
        if (JobReconciler.earlierRunsEnded(snapshot, service, now, plan)) {
          JobReconciler.fillSlots(snapshot, service, job, plan);
        }
      }
      case ServiceMode.GlobalJob() -> {
        if (JobReconciler.earlierRunsEnded(snapshot, service, now, plan)) {
          coverNodes(snapshot, service, now, plan);
        }
      }
    }
    return plan.build();
  }

  private static void update(Snapshot snapshot, Service service, Instant now, Plan.Builder plan) {
    if (plan.isEmpty()) {
      Updater.advance(snapshot, service, now, plan);
    } else if (!snapshot.tasksOf(service.id()).outdated().isEmpty()) {
      plan.more(); // the update goes on when the slots are as they should be
    }
  }

  private static void retireAll(Snapshot snapshot, ServiceTasks tasks, Plan.Builder plan) {
    for (var slot : tasks.slots().values()) {
      for (TaskId id : slot.tasks()) {
        if (plan.isFull()) {
          plan.more();
          return;
        }
        snapshot
            .tasks()
            .find(id)
            .ifPresent(task -> Retirement.add(snapshot, task, Cause.Plain.SERVICE_REMOVED, plan));
      }
    }
  }

  /**
   * The slots of a global service are its nodes. Each looks after itself while it has a task; this
   * finds those never seen, and those that had ended for good under another spec.
   */
  private static void coverNodes(
      Snapshot snapshot, Service service, Instant now, Plan.Builder plan) {
    ServiceTasks tasks = snapshot.tasksOf(service.id());
    for (NodeId node : snapshot.nodes().keys().stream().sorted().toList()) {
      if (plan.isFull()) {
        plan.more();
        return;
      }
      Slot slot = new Slot.OnNode(node);
      if (!tasks.runnable().contains(slot)) {
        SlotReconciler.reconcile(snapshot, service.id(), slot, now).commands().forEach(plan::add);
      }
    }
  }

  private static void fillSlots(Snapshot snapshot, Service service, int wanted, Plan.Builder plan) {
    ServiceTasks tasks = snapshot.tasksOf(service.id());
    List<Slot> finished = new ArrayList<>();
    List<Slot> dead = new ArrayList<>();
    for (Slot slot : tasks.resting().keys().stream().sorted(Comparator.reverseOrder()).toList()) {
      (SlotReconciler.isFinished(snapshot, service, slot) ? finished : dead).add(slot);
    }
    int filled = tasks.runnable().size() + finished.size();
    if (filled < wanted) {
      for (Slot slot : tasks.numbers().free(wanted - filled, wanted, dead)) {
        create(service, slot, plan);
      }
    } else if (filled > wanted) {
      List<Slot> surplus = new ArrayList<>(finished);
      surplus.addAll(surplusFirst(snapshot, service, tasks.runnable().keys()));
      Cause cause = new Cause.ScaledDown(wanted);
      surplus
          .subList(0, filled - wanted)
          .forEach(slot -> retire(snapshot, service, slot, cause, plan));
    }
    retireBeyond(wanted, dead, snapshot, service, plan);
  }

  /** Fills a slot in which nothing happened that would have to be waited for. */
  static void create(Service service, Slot slot, Plan.Builder plan) {
    if (plan.isFull()) {
      plan.more();
    } else {
      plan.add(
          new Command.Create(
              service.id(), slot, NodeId.NONE, service.template().goal(), Cause.Plain.ASKED_FOR));
    }
  }

  /** Gives up those slots whose number is too high. */
  static void retireBeyond(
      int max, Collection<Slot> slots, Snapshot snapshot, Service service, Plan.Builder plan) {
    Cause cause = new Cause.ScaledDown(max);
    for (Slot slot : slots) {
      if (slot instanceof Slot.Replica replica && replica.number() > max) {
        retire(snapshot, service, slot, cause, plan);
      }
    }
  }

  private static void retire(
      Snapshot snapshot, Service service, Slot slot, Cause cause, Plan.Builder plan) {
    if (plan.isFull()) {
      plan.more();
      return;
    }
    snapshot
        .tasksIn(service.id(), slot)
        .forEach(task -> Retirement.add(snapshot, task, cause, plan));
  }

  /**
   * Slots in the order in which to give them up: those not running yet, then those on nodes that
   * have most of the service's tasks, then the highest numbers.
   */
  private static List<Slot> surplusFirst(
      Snapshot snapshot, Service service, Collection<Slot> slots) {
    record Ranked(Slot slot, boolean running, int rankOnNode) {}
    List<Slot> ordered = slots.stream().sorted().toList();
    Map<NodeId, Integer> seen = new HashMap<>();
    List<Ranked> ranked = new ArrayList<>();
    for (Slot slot : ordered) {
      List<Task> tasks =
          snapshot.tasksIn(service.id(), slot).stream().filter(Task::isRunnable).toList();
      boolean running = tasks.stream().anyMatch(task -> task.state() == TaskState.RUNNING);
      NodeId node = tasks.isEmpty() ? NodeId.NONE : tasks.getLast().node();
      ranked.add(new Ranked(slot, running, seen.merge(node, 1, Integer::sum)));
    }
    return ranked.stream()
        .sorted(
            Comparator.comparing(Ranked::running)
                .thenComparing(Ranked::rankOnNode, Comparator.reverseOrder())
                .thenComparing(Ranked::slot, Comparator.reverseOrder()))
        .map(Ranked::slot)
        .toList();
  }
}
