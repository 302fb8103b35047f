package dev.swarm.cli.sim;

import dev.swarm.core.model.Service;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Slot;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.store.Snapshot;
import docker.swarmkit.v1.UpdateConfig.UpdateOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** One task a slot is wanted running; two while a start-first update replaces it. */
final class SlotLaw implements Laws.Law {
  private final World world;
  private Map<Place, Integer> known = new HashMap<>();

  private record Place(ServiceId service, Slot slot) {}

  SlotLaw(World world) {
    this.world = world;
  }

  @Override
  public void check(Snapshot before, Snapshot after) {
    Map<Place, Integer> counts = new HashMap<>();
    for (Task task : after.tasks().values()) {
      if (task.desired() == TaskState.RUNNING && !task.state().isTerminal()) {
        counts.merge(new Place(task.serviceId(), task.slot()), 1, Integer::sum);
      }
    }
    counts.forEach(
        (place, count) -> {
          if (count > known.getOrDefault(place, 0) && count > allowed(before, after, place)) {
            world.broken(
                "%d tasks are wanted running in %s.%s"
                    .formatted(count, place.service(), place.slot()));
          }
        });
    known = counts;
  }

  private static int allowed(Snapshot before, Snapshot after, Place place) {
    return startsFirst(before.services().find(place.service()))
            || startsFirst(after.services().find(place.service()))
        ? 2
        : 1;
  }

  private static boolean startsFirst(Optional<Service> service) {
    return service
        .map(Service::spec)
        .filter(
            spec ->
                spec.getUpdate().getOrder() == UpdateOrder.START_FIRST
                    || spec.getRollback().getOrder() == UpdateOrder.START_FIRST)
        .isPresent();
  }
}
