package dev.swarm.core.model;

import dev.swarm.core.spec.RestartPolicy;
import java.time.Duration;
import java.time.Instant;

/**
 * The wait before a slot is tried again: the delay of its restart policy, and twice as long with
 * every further failure in a row. A healthy run, a run that completed and a new spec end the row.
 */
public final class RestartDelay {
  /** No wait grows beyond this; only the policy's own delay may be longer. */
  public static final Duration MAX = Duration.ofMinutes(5);

  /** What grows where the policy asks for no delay, or next to none. */
  private static final Duration STEP_MIN = Duration.ofMillis(500);

  /** A run this long is a healthy one where the policy has no window that says otherwise. */
  public static final Duration HEALTHY = Duration.ofSeconds(30);

  /** So much of what was added to the delay may be taken off again, by the task's id. */
  private static final double JITTER = 0.2;

  private RestartDelay() {}

  /** How many tasks of its slot have failed in a row once {@code task} is over, or has to leave. */
  public static int failuresAfter(Task task, Instant now) {
    boolean healthy = isHealthy(task, now);
    return switch (task.state()) {
      case COMPLETE -> 0;
      case FAILED, REJECTED -> healthy ? 1 : task.attempt().failures() + 1;
      case NEW, PENDING, ASSIGNED, ACCEPTED, PREPARING, READY, STARTING, RUNNING ->
          healthy ? 0 : task.attempt().failures();
      case SHUTDOWN, REMOVE, ORPHANED -> healthy ? 0 : task.attempt().failures();
    };
  }

  private static boolean isHealthy(Task task, Instant now) {
    if (!task.attempt().hasRun()) {
      return false;
    }
    Duration ran =
        task.state().isTerminal()
            ? task.attempt().ranFor()
            : Duration.between(task.runningSince(), now);
    Duration window = task.template().policy().restart().window();
    Duration healthy = window.isZero() ? HEALTHY : window.compareTo(MAX) < 0 ? window : MAX;
    return ran.compareTo(healthy) >= 0;
  }

  /** Whether there is anything to wait for. */
  public static boolean isNone(RestartPolicy policy, int failures) {
    return policy.delay().isZero() && failures <= 1;
  }

  /**
   * How long after the last one ended the next may start.
   *
   * @param failures in a row, the last one included
   * @param id of a task, so that those that failed together don't all come back together
   */
  public static Duration wait(RestartPolicy policy, int failures, TaskId id) {
    Duration delay = policy.delay();
    if (failures <= 1) {
      return delay;
    }
    Duration step = delay.compareTo(STEP_MIN) < 0 ? STEP_MIN : delay;
    int doublings = Math.min(failures - 1, 20);
    long millis =
        step.compareTo(MAX) >= 0
            ? MAX.toMillis()
            : Math.min(step.toMillis() << doublings, MAX.toMillis());
    long grown = millis - delay.toMillis();
    return grown <= 0 ? delay : delay.plusMillis(grown - (long) (grown * JITTER * share(id)));
  }

  /** From 0 to 1, spread evenly over ids that differ little. */
  private static double share(TaskId id) {
    return Integer.toUnsignedLong(id.value().hashCode() * 0x9E3779B9) / (double) (1L << 32);
  }

  /** When a task that replaces another may start. */
  public static Instant dueAt(Task task) {
    Instant createdAt = task.meta().createdAt();
    return task.attempt().restart()
        ? createdAt.plus(
            wait(task.template().policy().restart(), task.attempt().failures(), task.id()))
        : createdAt;
  }

  /** When the slot of a task that ended may be tried again. */
  public static Instant againAt(Task ended, Instant now) {
    RestartPolicy policy = ended.template().policy().restart();
    return ended.endedAt().plus(wait(policy, failuresAfter(ended, now), ended.id()));
  }
}
