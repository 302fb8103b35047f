package dev.swarm.core.retry;

import java.time.Duration;

/**
 * Growing pauses between attempts: each is twice the one before, up to a bound.
 *
 * @param first after the first failure in a row
 * @param max no pause is longer
 */
public record Backoff(Duration first, Duration max) {
  public Backoff {
    if (!first.isPositive() || max.compareTo(first) < 0) {
      throw new IllegalArgumentException("pauses from " + first + " to " + max);
    }
  }

  /** The pause that follows {@code last}. */
  public Duration after(Duration last) {
    return last.compareTo(max.dividedBy(2)) < 0 ? last.multipliedBy(2) : max;
  }
}
