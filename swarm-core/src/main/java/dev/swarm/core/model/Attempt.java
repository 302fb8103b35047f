package dev.swarm.core.model;

import java.time.Duration;

/**
 * Facts of a task that only managers need: which attempt at its slot it is and how long it ran,
 * from which the time of the next attempt follows, and why it was made or stopped. Times are those
 * of the managers' clock.
 *
 * @param restart whether it replaces one that ended by itself, and waits for that
 * @param failures how many before it failed in a row; 0 where the last did what it should
 * @param runningAtMillis when it was first known to run, in milliseconds of the epoch; 0 for never
 * @param endedAtMillis when it was known to have ended, likewise
 * @param cause why it was made; of one that is not wanted to run any more, why not
 */
public record Attempt(
    boolean restart, int failures, long runningAtMillis, long endedAtMillis, Cause cause) {
  /** The first in its slot, or one that takes the place of a task that did not end by itself. */
  public static final Attempt FIRST = first(Cause.Plain.NONE);

  public static Attempt first(Cause cause) {
    return after(false, 0, cause);
  }

  public static Attempt after(boolean restart, int failures, Cause cause) {
    return new Attempt(restart, failures, 0, 0, cause);
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
    return new Attempt(restart, failures, epochMillis, endedAtMillis, cause);
  }

  public Attempt endedAt(long epochMillis) {
    return new Attempt(restart, failures, runningAtMillis, epochMillis, cause);
  }

  public Attempt because(Cause why) {
    return new Attempt(restart, failures, runningAtMillis, endedAtMillis, why);
  }
}
