package dev.swarm.cli.sim;

import dev.swarm.core.model.Node;
import dev.swarm.core.model.Service;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.store.Snapshot;
import docker.swarmkit.v1.NodeSpec.Availability;
import docker.swarmkit.v1.Placement;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A task is given only to a node that is there, takes tasks, and is as the service asks. */
final class PlacementLaw implements Laws.Law {
  private final World world;

  PlacementLaw(World world) {
    this.world = world;
  }

  @Override
  public void check(Snapshot before, Snapshot after) {
    for (Task task : after.tasks().values()) {
      Task old = before.tasks().get(task.id());
      boolean given =
          task.state().number() >= TaskState.ASSIGNED.number()
              && !task.node().isNone()
              && (old == null || old.state().number() < TaskState.ASSIGNED.number());
      if (given) {
        check(before, after, task);
      }
    }
  }

  // One entry may hold the assignment and a change of the node or the service after or before it.
  private void check(Snapshot before, Snapshot after, Task task) {
    boolean fits =
        Stream.of(before, after)
            .anyMatch(
                nodes ->
                    Stream.of(before, after)
                        .anyMatch(
                            services ->
                                fits(
                                    nodes.nodes().get(task.node()),
                                    services.services().get(task.serviceId()))));
    if (!fits) {
      world.broken("task %s was given to node %s, unfit for it".formatted(task.id(), task.node()));
    }
    long limit =
        Stream.of(before, after)
            .mapToLong(
                snapshot -> {
                  Service service = snapshot.services().get(task.serviceId());
                  long max =
                      service == null
                          ? 0
                          : service.spec().getTask().getPlacement().getMaxReplicas();
                  return max == 0 ? Long.MAX_VALUE : max;
                })
            .max()
            .orElseThrow();
    long here =
        after.tasks().stream()
            .filter(
                other ->
                    other.serviceId().equals(task.serviceId())
                        && other.node().equals(task.node())
                        && RoomLaw.holdsRoom(other)
                        && other.desired().number() <= TaskState.RUNNING.number())
            .count();
    if (here > limit) {
      world.broken(
          "node %s has %d tasks of service %s, at most %d are allowed"
              .formatted(task.node(), here, task.serviceId(), limit));
    }
  }

  static boolean fits(@Nullable Node node, @Nullable Service service) {
    return node != null
        && service != null
        && node.status().state() == Node.State.READY
        && node.spec().getAvailability() == Availability.ACTIVE
        && meets(node, service.spec().getTask().getPlacement());
  }

  /** The few kinds of constraints that the workload uses, read by other code than the product's. */
  static boolean meets(Node node, Placement placement) {
    return placement.getConstraintsList().stream()
        .allMatch(
            constraint -> {
              boolean equal = constraint.contains("==");
              String[] sides = constraint.split(equal ? "==" : "!=");
              String actual =
                  sides[0].equals("node.hostname")
                      ? node.description().getHostname()
                      : node.spec().getAnnotations().getLabelsOrDefault("zone", "");
              return equal == actual.equals(sides[1]);
            });
  }
}
