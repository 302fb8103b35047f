package dev.swarm.core.orchestrator;

import dev.swarm.core.constraint.Constraint;
import dev.swarm.core.model.Cluster;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.Service;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Slot;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.orchestrator.ServiceController.ServiceKey;
import dev.swarm.core.orchestrator.SlotController.SlotKey;
import dev.swarm.core.plan.Controller;
import dev.swarm.core.plan.Key;
import dev.swarm.core.plan.Plan;
import dev.swarm.core.store.Delta;
import dev.swarm.core.store.Delta.Changed;
import dev.swarm.core.store.Snapshot;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Reconciles the slots of services one by one; the decision is {@link SlotReconciler}. */
public final class SlotController implements Controller<SlotKey> {
  /** A slot; of no service, the containers that a node's own user attached to networks. */
  public record SlotKey(ServiceId service, Slot slot) implements Key {
    @Override
    public String describe(Snapshot snapshot) {
      return "slot " + slot + " of " + ServiceKey.describe(snapshot, service);
    }
  }

  @Override
  public Class<SlotKey> keys() {
    return SlotKey.class;
  }

  @Override
  public Stream<SlotKey> all(Snapshot snapshot) {
    return ServiceController.services(snapshot).flatMap(service -> slots(snapshot, service));
  }

  private static Stream<SlotKey> slots(Snapshot snapshot, ServiceId service) {
    return snapshot.tasksOf(service).slots().keys().stream()
        .sorted()
        .map(slot -> new SlotKey(service, slot));
  }

  @Override
  public void wake(Snapshot now, Delta delta, Consumer<? super SlotKey> wake) {
    for (Changed<Cluster> changed : delta.clusters()) {
      onCluster(now, changed, wake);
    }
    for (Changed<Node> changed : delta.nodes()) {
      if (Delta.concernsTasks(changed)) {
        onNode(now, changed.latest().id(), wake);
      }
    }
    if (mayEndTheHold(delta) && MassFailure.heldUntil(now).equals(Instant.MIN)) {
      now.down().keys().stream().sorted().forEach(down -> runnableOn(now, down, wake));
    }
    for (Changed<Service> changed : delta.services()) {
      if (changed.after().isEmpty() || movesTasks(changed)) {
        slots(now, changed.latest().id()).forEach(wake);
      }
    }
    for (Changed<Task> changed : delta.tasks()) {
      if (!wasOnlyScheduled(changed)) {
        wake.accept(new SlotKey(changed.latest().serviceId(), changed.latest().slot()));
      }
    }
  }

  private static void onCluster(
      Snapshot now, Changed<Cluster> changed, Consumer<? super SlotKey> wake) {
    long limit = SlotReconciler.historyLimit(changed.after());
    if (limit < 0 || limit == SlotReconciler.historyLimit(changed.before())) {
      return;
    }
    for (var service : now.tasksOf().entries()) {
      for (var slot : service.getValue().slots().entries()) {
        if (slot.getValue().tasks().size() > Math.max(1, limit)) {
          wake.accept(new SlotKey(service.getKey(), slot.getKey()));
        }
      }
    }
  }

  private static void onNode(Snapshot now, NodeId id, Consumer<? super SlotKey> wake) {
    for (TaskId task : now.tasksOn(id).tasks().keys()) {
      now.tasks()
          .find(task)
          .ifPresent(found -> wake.accept(new SlotKey(found.serviceId(), found.slot())));
    }
    now.globals().keys().stream()
        .sorted()
        .forEach(service -> wake.accept(new SlotKey(service, new Slot.OnNode(id))));
  }

  /** Where fewer nodes are down, or more are there, those that are down are no mass any more. */
  private static boolean mayEndTheHold(Delta delta) {
    return delta.nodes().stream()
        .anyMatch(
            changed ->
                changed.before().isEmpty()
                    || (changed.before().get().isDown()
                        && changed.after().filter(Node::isDown).isEmpty()));
  }

  private static void runnableOn(Snapshot now, NodeId id, Consumer<? super SlotKey> wake) {
    for (TaskId task : now.tasksOn(id).tasks().keys()) {
      now.tasks()
          .find(task)
          .filter(Task::isRunnable)
          .ifPresent(found -> wake.accept(new SlotKey(found.serviceId(), found.slot())));
    }
  }

  private static boolean movesTasks(Changed<Service> changed) {
    return changed.before().isPresent()
        && !constraints(changed.before()).equals(constraints(changed.after()));
  }

  private static Optional<List<Constraint>> constraints(Optional<Service> service) {
    return service.map(found -> found.template().policy().constraints());
  }

  private static boolean wasOnlyScheduled(Changed<Task> changed) {
    return changed.before().filter(Task::isUnscheduled).isPresent()
        && changed
            .after()
            .filter(task -> !task.isUnscheduled())
            .filter(task -> task.isRunnable() && !task.state().isTerminal())
            .isPresent();
  }

  @Override
  public Plan reconcile(Snapshot snapshot, SlotKey key, Instant now) {
    return SlotReconciler.reconcile(snapshot, key.service(), key.slot(), now);
  }
}
