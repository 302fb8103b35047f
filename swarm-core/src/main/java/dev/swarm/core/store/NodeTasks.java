package dev.swarm.core.store;

import dev.swarm.core.model.Node;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of one node, what they take of it, and what failed there lately.
 *
 * @param node the node itself, so that who looks at all nodes and their load goes through one
 *     table; null where tasks are left of one that is gone
 * @param failures newest last, at most {@link #FAILURES_MAX}
 */
public record NodeTasks(
    @Nullable Node node, Table<TaskId, TaskId> tasks, NodeLoad load, List<Failure> failures) {
  private static final int FAILURES_MAX = 16;

  /**
   * Five failures of one service version within five minutes make a node the last choice for it.
   */
  private static final int FAILURES_TOLERATED_MAX = 5;

  private static final Duration FAILURES_WINDOW = Duration.ofMinutes(5);

  public static final NodeTasks EMPTY =
      new NodeTasks(null, Table.empty(), NodeLoad.NONE, List.of());

  /** One task that ended badly on this node. */
  public record Failure(ServiceId service, long specVersion, Instant at) {}

  static List<Failure> withFailure(List<Failure> failures, Task task, Instant at) {
    List<Failure> grown = new ArrayList<>(failures);
    grown.add(new Failure(task.serviceId(), task.template().specVersion(), at));
    int from = Math.max(0, grown.size() - FAILURES_MAX);
    return List.copyOf(grown.subList(from, grown.size()));
  }

  /** Whether tasks of that service version keep failing here. */
  public boolean isFailing(ServiceId service, long specVersion, Instant now) {
    if (failures.size() < FAILURES_TOLERATED_MAX) {
      return false;
    }
    Instant oldest = now.minus(FAILURES_WINDOW);
    return failures.stream()
            .filter(
                f ->
                    f.service.equals(service)
                        && f.specVersion == specVersion
                        && f.at.isAfter(oldest))
            .count()
        >= FAILURES_TOLERATED_MAX;
  }
}
