package dev.swarm.core.orchestrator;

import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.Service;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Slot;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.plan.Command;
import dev.swarm.core.plan.Plan;
import dev.swarm.core.store.ServiceTasks;
import dev.swarm.core.store.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
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
    if (service.isJob()) {
      JobReconciler.endEarlierRuns(snapshot, service, tasks, now, plan);
    }
    if (service.isGlobal()) {
      coverNodes(snapshot, service, tasks, now, plan);
    } else if (service.isJob()) {
      JobReconciler.fillSlots(snapshot, service, tasks, plan);
    } else {
      fillSlots(snapshot, service, tasks, plan);
    }
    if (service.isJob()) {
      return plan.build(); // it is not updated but run anew
    }
    if (plan.isEmpty()) {
      Updater.advance(snapshot, service, now, plan);
    } else if (!tasks.outdated().isEmpty()) {
      plan.more(); // the update goes on when the slots are as they should be
    }
    return plan.build();
  }

  private static void retireAll(Snapshot snapshot, ServiceTasks tasks, Plan.Builder plan) {
    for (var slot : tasks.slots().values()) {
      for (TaskId id : slot.tasks()) {
        if (plan.isFull()) {
          plan.more();
          return;
        }
        snapshot.tasks().find(id).ifPresent(task -> retire(task, plan));
      }
    }
  }

  private static void retire(Task task, Plan.Builder plan) {
    if (task.state().isTerminal() || task.state().isBefore(TaskState.ASSIGNED)) {
      plan.add(Command.remove(task.id()));
    } else if (task.desired().isBefore(TaskState.REMOVE)) {
      plan.add(Command.desire(task.id(), TaskState.REMOVE));
    }
  }

  /**
   * The slots of a global service are its nodes. Each looks after itself while it has a task; this
   * finds those never seen, and those that had ended for good under another spec.
   */
  private static void coverNodes(
      Snapshot snapshot, Service service, ServiceTasks tasks, Instant now, Plan.Builder plan) {
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

  private static void fillSlots(
      Snapshot snapshot, Service service, ServiceTasks tasks, Plan.Builder plan) {
    int wanted = service.replicas();
    List<Slot> running = new ArrayList<>();
    List<Slot> finished = new ArrayList<>();
    List<Slot> dead = new ArrayList<>();
    for (Slot slot : tasks.slots().keys()) {
      if (tasks.runnable().contains(slot)) {
        running.add(slot);
      } else if (SlotReconciler.isFinished(
          snapshot, service, slot, snapshot.tasksIn(service.id(), slot))) {
        finished.add(slot);
      } else {
        dead.add(slot);
      }
    }
    int filled = running.size() + finished.size();
    if (filled < wanted) {
      grow(service, tasks, finished, wanted - filled, plan);
    } else if (filled > wanted) {
      List<Slot> surplus = new ArrayList<>(finished);
      surplus.addAll(surplusFirst(snapshot, service, running));
      surplus.subList(0, filled - wanted).forEach(slot -> retire(snapshot, service, slot, plan));
    }
    for (Slot slot : dead) {
      if (slot instanceof Slot.Replica replica && replica.number() > wanted) {
        retire(snapshot, service, slot, plan);
      }
    }
  }

  private static void grow(
      Service service, ServiceTasks tasks, List<Slot> finished, int vacant, Plan.Builder plan) {
    var taken = new java.util.HashSet<>(finished);
    for (int number = 1, left = vacant; left > 0; number++) {
      Slot slot = new Slot.Replica(number);
      if (tasks.runnable().contains(slot) || taken.contains(slot)) {
        continue;
      }
      if (plan.isFull()) {
        plan.more();
        return;
      }
      plan.add(new Command.Create(service.id(), slot, NodeId.NONE, TaskState.RUNNING));
      left--;
    }
  }

  static void retire(Snapshot snapshot, Service service, Slot slot, Plan.Builder plan) {
    if (plan.isFull()) {
      plan.more();
      return;
    }
    snapshot.tasksIn(service.id(), slot).forEach(task -> retire(task, plan));
  }

  /**
   * Slots in the order in which to give them up: those not running yet, then those on nodes that
   * have most of the service's tasks, then the highest numbers.
   */
  private static List<Slot> surplusFirst(Snapshot snapshot, Service service, List<Slot> slots) {
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
