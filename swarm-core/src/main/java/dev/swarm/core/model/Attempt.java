package dev.swarm.core.model;

import java.time.Duration;

/**
 * Which try of its slot a task is, and how long it ran: what decides when the next one may begin.
 * Times are those of the managers' clock.
 *
 * @param restart whether it replaces one that ended by itself, and waits for that
 * @param failures how many before it failed in a row; 0 where the last did what it should
 * @param runningAtMillis when it was first known to run, in milliseconds of the epoch; 0 for never
 * @param endedAtMillis when it was known to have ended, likewise
 */
public record Attempt(boolean restart, int failures, long runningAtMillis, long endedAtMillis) {
  /** The first in its slot, or one that takes the place of a task that did not end by itself. */
  public static final Attempt FIRST = new Attempt(false, 0, 0, 0);

  public static Attempt after(boolean restart, int failures) {
    return restart || failures > 0 ? new Attempt(restart, failures, 0, 0) : FIRST;
  }

  /** Whether it ever ran. */
  public boolean hasRun() {
    return runningAtMillis > 0;
  }

  /** How long it ran, until its end; zero if it never did or has not ended. */
  public Duration ranFor() {
    return hasRun() && endedAtMillis > runningAtMillis
        ? Duration.ofMillis(endedAtMillis - runningAtMillis)
        : Duration.ZERO;
  }

  public Attempt runningAt(long epochMillis) {
    return new Attempt(restart, failures, epochMillis, endedAtMillis);
  }

  public Attempt endedAt(long epochMillis) {
    return new Attempt(restart, failures, runningAtMillis, epochMillis);
  }
}
