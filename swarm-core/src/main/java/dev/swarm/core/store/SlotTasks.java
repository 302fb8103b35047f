package dev.swarm.core.store;

import dev.swarm.core.model.TaskId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The tasks of one slot and what must be remembered after they are gone.
 *
 * @param tasks oldest first
 * @param restarts when tasks here were restarted under {@code restartVersion}, oldest first;
 *     bounded by {@link #RESTARTS_MAX}
 */
public record SlotTasks(List<TaskId> tasks, List<Instant> restarts, long restartVersion) {
  /** More attempts than this within a window are as good as unlimited. */
  public static final int RESTARTS_MAX = 1000;

  static final SlotTasks EMPTY = new SlotTasks(List.of(), List.of(), 0);

  SlotTasks with(TaskId task) {
    List<TaskId> grown = new ArrayList<>(tasks.size() + 1);
    grown.addAll(tasks);
    grown.add(task);
    return new SlotTasks(List.copyOf(grown), restarts, restartVersion);
  }

  SlotTasks without(TaskId task) {
    return new SlotTasks(
        tasks.stream().filter(id -> !id.equals(task)).toList(), restarts, restartVersion);
  }

  SlotTasks restarted(Instant at, long specVersion, int keep) {
    if (keep == 0) {
      return this;
    }
    List<Instant> kept = new ArrayList<>(specVersion == restartVersion ? restarts : List.of());
    kept.add(at);
    int bound = Math.min(keep, RESTARTS_MAX);
    int from = Math.max(0, kept.size() - bound);
    return new SlotTasks(tasks, List.copyOf(kept.subList(from, kept.size())), specVersion);
  }

  /** Restarts that count for a task of that spec version. */
  public List<Instant> restartsOf(long specVersion) {
    return specVersion == restartVersion ? restarts : List.of();
  }
}
