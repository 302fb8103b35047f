package dev.swarm.worker.assignment;

import docker.swarmkit.v1.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;

/** Changes of tasks between two assignment sets, each list in the order of task ids. */
public record TaskChanges(List<Task> started, List<Task> updated, List<String> removed) {
  public TaskChanges {
    started = List.copyOf(started);
    updated = List.copyOf(updated);
    removed = List.copyOf(removed);
  }

  public boolean isEmpty() {
    return started.isEmpty() && updated.isEmpty() && removed.isEmpty();
  }

  static TaskChanges between(AssignmentSet old, AssignmentSet next, SortedSet<String> ids) {
    List<Task> started = new ArrayList<>();
    List<Task> updated = new ArrayList<>();
    List<String> removed = new ArrayList<>();
    for (String id : ids) {
      Task before = old.tasks().get(id);
      Task after = next.tasks().get(id);
      if (after == null) {
        // Even one this set never held is passed on: the node may remember it from before.
        removed.add(id);
      } else if (before == null) {
        started.add(after);
      } else if (!before.equals(after)) {
        updated.add(after);
      }
    }
    return new TaskChanges(started, updated, removed);
  }
}
