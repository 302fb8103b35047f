package dev.swarm.cli.sim;

import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.store.Snapshot;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** A task's state and desired state never go back, it never changes node, and it dies once. */
final class TaskLaw implements Laws.Law {
  private final World world;
  private final Map<TaskId, Task> alive = new HashMap<>();
  private final Set<TaskId> gone = new HashSet<>();

  TaskLaw(World world) {
    this.world = world;
  }

  @Override
  public void check(Snapshot before, Snapshot after) {
    alive.keySet().removeIf(id -> !after.tasks().contains(id) && gone.add(id));
    for (Task task : after.tasks().values()) {
      if (gone.contains(task.id())) {
        world.broken("task " + task.id() + " came back");
      }
      Task known = alive.put(task.id(), task);
      if (known != null && known != task) {
        compare(known, task);
      }
    }
  }

  private void compare(Task known, Task task) {
    if (task.state().isBefore(known.state())) {
      world.broken("task %s went from %s to %s".formatted(task.id(), known.state(), task.state()));
    }
    if (task.desired().isBefore(known.desired())) {
      world.broken(
          "task %s was desired %s, then %s".formatted(task.id(), known.desired(), task.desired()));
    }
    if (!known.node().isNone() && !known.node().equals(task.node())) {
      world.broken("task %s moved from %s to %s".formatted(task.id(), known.node(), task.node()));
    }
    if (!known.slot().equals(task.slot()) || !known.serviceId().equals(task.serviceId())) {
      world.broken("task %s changed its slot".formatted(task.id()));
    }
  }
}
