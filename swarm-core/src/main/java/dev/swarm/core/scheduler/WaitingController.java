package dev.swarm.core.scheduler;

import dev.swarm.core.model.Node;
import dev.swarm.core.model.Service;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Task;
import dev.swarm.core.placement.Filters;
import dev.swarm.core.plan.Controller;
import dev.swarm.core.plan.Key;
import dev.swarm.core.plan.Plan;
import dev.swarm.core.scheduler.WaitingController.WaitingKey;
import dev.swarm.core.store.Delta;
import dev.swarm.core.store.Delta.Changed;
import dev.swarm.core.store.Snapshot;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Schedules the tasks that wait for a node, a service at a time; the decision is {@link Scheduler}.
 */
public final class WaitingController implements Controller<WaitingKey> {
  /** The tasks of a service that wait for a node. */
  public record WaitingKey(ServiceId service) implements Key {
    @Override
    public String describe(Snapshot snapshot) {
      return "waiting tasks of service "
          + snapshot.services().find(service).map(Service::name).orElse(service.value());
    }
  }

  @Override
  public Class<WaitingKey> keys() {
    return WaitingKey.class;
  }

  @Override
  public Stream<WaitingKey> all(Snapshot snapshot) {
    return snapshot.waiting().keys().stream().sorted().map(WaitingKey::new);
  }

  @Override
  public void wake(Snapshot now, Delta delta, Consumer<? super WaitingKey> wake) {
    if (now.waiting().isEmpty()) {
      return;
    }
    for (Changed<Node> changed : delta.nodes()) {
      if (Delta.concernsTasks(changed)) {
        changed.after().ifPresent(node -> whatFitsOn(now, node, wake));
      }
    }
    for (Changed<Service> changed : delta.services()) {
      ServiceId id = changed.latest().id();
      if (now.waiting().contains(id)) {
        wake.accept(new WaitingKey(id));
      }
    }
    for (Changed<Task> changed : delta.tasks()) {
      onTask(now, changed, wake);
    }
    if (FreedAddresses.anyIn(delta)) {
      all(now).forEach(wake);
    }
  }

  private static void onTask(
      Snapshot now, Changed<Task> changed, Consumer<? super WaitingKey> wake) {
    boolean waited = changed.before().filter(Task::isUnscheduled).isPresent();
    boolean waits = changed.after().filter(Task::isUnscheduled).isPresent();
    ServiceId service = changed.latest().serviceId();
    if ((waits && !waited) || (givenUp(changed) && now.waiting().contains(service))) {
      wake.accept(new WaitingKey(service));
    }
    if (Delta.leftItsNode(changed)) {
      now.nodes().find(changed.latest().node()).ifPresent(node -> whatFitsOn(now, node, wake));
    }
  }

  /** It counts no more as one of the replicas that a node may have of its service. */
  private static boolean givenUp(Changed<Task> changed) {
    return changed.before().filter(Task::isRunnable).isPresent()
        && changed.after().filter(Task::isRunnable).isEmpty();
  }

  private static void whatFitsOn(Snapshot now, Node node, Consumer<? super WaitingKey> wake) {
    var tasks = now.tasksOn(node.id());
    for (ServiceId id : now.waiting().keys().stream().sorted().toList()) {
      Service service = now.services().get(id);
      if (service == null) {
        continue;
      }
      // Tasks of older specs take something else than the service's own policy says.
      boolean mixed = !now.tasksOf(id).outdated().isEmpty();
      if (mixed || Filters.couldTake(node, tasks, service)) {
        wake.accept(new WaitingKey(id));
      }
    }
  }

  @Override
  public Plan reconcile(Snapshot snapshot, WaitingKey key, Instant now) {
    return Scheduler.reconcile(snapshot, key.service(), now);
  }
}
