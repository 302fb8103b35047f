package dev.swarm.core.spec;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Restart policy of tasks: which ones that ended are replaced, and when.
 *
 * @param maxAttempts replacements allowed within {@code window}; 0 means any number
 * @param window how far back attempts count; zero means for ever
 */
public record RestartPolicy(Condition condition, Duration delay, int maxAttempts, Duration window) {
  /** When a task is replaced at all. */
  public enum Condition {
    NONE,
    ON_FAILURE,
    ANY
  }

  /** What a spec without a policy means. */
  public static final RestartPolicy DEFAULT =
      new RestartPolicy(Condition.ANY, Defaults.RESTART_DELAY, 0, Duration.ZERO);

  public static RestartPolicy parse(docker.swarmkit.v1.TaskSpec spec) {
    if (!spec.hasRestart()) {
      return DEFAULT;
    }
    docker.swarmkit.v1.RestartPolicy policy = spec.getRestart();
    Condition condition =
        switch (policy.getCondition()) {
          case NONE -> Condition.NONE;
          case ON_FAILURE -> Condition.ON_FAILURE;
          case ANY, UNRECOGNIZED -> Condition.ANY;
        };
    return new RestartPolicy(
        condition,
        policy.hasDelay() ? Durations.toJava(policy.getDelay()) : DEFAULT.delay,
        Counts.of(policy.getMaxAttempts()),
        Durations.toJava(policy.getWindow()));
  }

  /**
   * Whether a task that ended gets a replacement.
   *
   * @param completed whether it ended as a task does that has done what it was for
   * @param restarts when this slot was restarted before, under this version of the spec
   * @param endedAt when it ended: attempts count within the window before, whoever decides when
   */
  public boolean shouldRestart(boolean completed, List<Instant> restarts, Instant endedAt) {
    return switch (condition) {
      case NONE -> false;
      case ON_FAILURE -> !completed && attemptsLeft(restarts, endedAt);
      case ANY -> attemptsLeft(restarts, endedAt);
    };
  }

  private boolean attemptsLeft(List<Instant> restarts, Instant endedAt) {
    if (maxAttempts == 0) {
      return true;
    }
    if (window.isZero()) {
      return restarts.size() < maxAttempts;
    }
    Instant oldest = endedAt.minus(window);
    return restarts.stream().filter(at -> at.isAfter(oldest)).count() < maxAttempts;
  }
}
