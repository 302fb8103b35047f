package dev.swarm.worker.engine.process;

import java.time.Duration;

/**
 * Schedule for ending what an ended process left behind: at once, and while something is left,
 * again after growing pauses. Times are monotonic nanoseconds. Safe for use by many threads.
 */
final class Sweeps {
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final int DOUBLINGS_MAX = 6;

  private boolean begun;
  private int failures;
  private long notBefore;

  /**
   * Whether it is time. Then whoever asked is at it, and nobody else until that {@link #failed}.
   */
  synchronized boolean begin(long now) {
    if (begun || (failures > 0 && now - notBefore < 0)) {
      return false;
    }
    begun = true;
    return true;
  }

  /** Something is left. Returns whether this is the first time that it was. */
  synchronized boolean failed(long now) {
    begun = false;
    notBefore = now + PAUSE.multipliedBy(1L << Math.min(failures, DOUBLINGS_MAX)).toNanos();
    failures++;
    return failures == 1;
  }
}
