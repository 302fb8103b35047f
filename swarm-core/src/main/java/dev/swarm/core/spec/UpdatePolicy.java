package dev.swarm.core.spec;

import docker.swarmkit.v1.UpdateConfig;
import docker.swarmkit.v1.UpdateConfig.FailureAction;
import java.time.Duration;

/**
 * Pace and order in which tasks of an old spec are replaced by tasks of the new one.
 *
 * @param parallelism slots replaced at a time; 0 means all at once
 * @param delay between a replacement running and the next one starting
 * @param monitor how long after its start a failing task counts as a failed update
 * @param maxFailureRatio the share of slots that may fail before {@code failureAction}
 * @param startFirst whether the new task runs before the old one stops
 */
public record UpdatePolicy(
    int parallelism,
    Duration delay,
    FailureAction failureAction,
    Duration monitor,
    float maxFailureRatio,
    boolean startFirst) {

  /** What a spec without an update config means. */
  public static final UpdatePolicy DEFAULT =
      new UpdatePolicy(
          Defaults.UPDATE_PARALLELISM,
          Duration.ZERO,
          FailureAction.PAUSE,
          Defaults.UPDATE_MONITOR,
          0,
          false);

  public static UpdatePolicy parse(boolean present, UpdateConfig config) {
    if (!present) {
      return DEFAULT;
    }
    Duration delay = Durations.toJava(config.getDelay());
    Duration monitor =
        config.hasMonitor() && !Durations.toJava(config.getMonitor()).isZero()
            ? Durations.toJava(config.getMonitor())
            : DEFAULT.monitor;
    return new UpdatePolicy(
        Counts.of(config.getParallelism()),
        delay,
        config.getFailureAction(),
        monitor,
        config.getMaxFailureRatio(),
        config.getOrder() == UpdateConfig.UpdateOrder.START_FIRST);
  }
}
