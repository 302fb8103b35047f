package dev.swarm.core.orchestrator;

import dev.swarm.core.model.Service;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Task;
import dev.swarm.core.orchestrator.ServiceController.ServiceKey;
import dev.swarm.core.plan.Controller;
import dev.swarm.core.plan.Key;
import dev.swarm.core.plan.Plan;
import dev.swarm.core.store.Delta;
import dev.swarm.core.store.Delta.Changed;
import dev.swarm.core.store.ServiceTasks;
import dev.swarm.core.store.Snapshot;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Reconciles services as a whole; the decision is {@link ServiceReconciler}. */
public final class ServiceController implements Controller<ServiceKey> {
  /** A service, or what is left of one. */
  public record ServiceKey(ServiceId service) implements Key {
    @Override
    public String describe(Snapshot snapshot) {
      return describe(snapshot, service);
    }

    static String describe(Snapshot snapshot, ServiceId service) {
      return "service "
          + snapshot.services().find(service).map(Service::name).orElse(service.value());
    }
  }

  @Override
  public Class<ServiceKey> keys() {
    return ServiceKey.class;
  }

  @Override
  public Stream<ServiceKey> all(Snapshot snapshot) {
    return services(snapshot).map(ServiceKey::new);
  }

  /** All services, and those gone that tasks are left of. */
  static Stream<ServiceId> services(Snapshot snapshot) {
    return Stream.concat(snapshot.services().keys().stream(), snapshot.tasksOf().keys().stream())
        .sorted()
        .distinct();
  }

  @Override
  public void wake(Snapshot now, Delta delta, Consumer<? super ServiceKey> wake) {
    for (Changed<Service> changed : delta.services()) {
      wake.accept(new ServiceKey(changed.latest().id()));
    }
    for (Changed<Task> changed : delta.tasks()) {
      ServiceId service = changed.latest().serviceId();
      if (leftItsSlotVacant(now, changed) || mayStartAnother(changed) || isUpdating(now, service)) {
        wake.accept(new ServiceKey(service));
      }
    }
  }

  /** Nothing followed it, and that is not only for its slot to judge. */
  private static boolean leftItsSlotVacant(Snapshot now, Changed<Task> changed) {
    Task task = changed.latest();
    ServiceTasks left = now.tasksOf(task.serviceId());
    boolean stopped =
        changed.before().filter(Task::isRunnable).isPresent()
            && changed.after().filter(Task::isRunnable).isEmpty()
            && !left.runnable().contains(task.slot());
    // One that had ended for good filled its slot until it was forgotten.
    return stopped || (changed.after().isEmpty() && !left.slots().contains(task.slot()));
  }

  /** A job runs only so many at once. */
  private static boolean mayStartAnother(Changed<Task> changed) {
    return changed.latest().template().jobIteration().isPresent() && Delta.leftItsNode(changed);
  }

  private static boolean isUpdating(Snapshot now, ServiceId id) {
    Service service = now.services().get(id);
    return service != null && service.isUpdating();
  }

  @Override
  public Plan reconcile(Snapshot snapshot, ServiceKey key, Instant now) {
    return ServiceReconciler.reconcile(snapshot, key.service(), now);
  }
}
