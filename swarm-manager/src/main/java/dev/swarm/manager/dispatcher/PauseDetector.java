package dev.swarm.manager.dispatcher;

import java.time.Duration;
import java.time.Instant;

/**
 * Detects by the clocks that this manager was held up itself: by its collector, by a machine with
 * too much to do, by {@code SIGSTOP}, or with the whole machine. Time in which it could not hear
 * counts against nobody.
 *
 * <p>The steady clock goes on in all of those but the last: while a machine is suspended it stands
 * still, and only the time of day tells.
 */
final class PauseDetector {
  /** A look this much later than meant is a pause. */
  static final Duration LATE = Duration.ofMillis(500);

  private final Duration every;
  private long lastNanos;
  private Instant lastTime;

  /**
   * One look.
   *
   * @param counted how much of the time since the last look this manager can have heard in
   * @param pause how long it was held up; zero if it was not, or but for a moment
   */
  record Passed(Duration counted, Duration pause) {
    boolean paused() {
      return !pause.isZero();
    }
  }

  /**
   * @param every how often it is meant to look
   */
  PauseDetector(Duration every, long nowNanos, Instant now) {
    this.every = every;
    lastNanos = nowNanos;
    lastTime = now;
  }

  Passed measure(long nowNanos, Instant now) {
    Duration steady = Duration.ofNanos(nowNanos - lastNanos);
    Duration ofDay = Duration.between(lastTime, now);
    lastNanos = nowNanos;
    lastTime = now;
    // A clock that was set forwards looks like a suspended machine, which does no harm.
    Duration passed = ofDay.minus(steady).compareTo(LATE) > 0 ? ofDay : steady;
    Duration late = passed.minus(every);
    Duration counted = steady.compareTo(every.multipliedBy(2)) > 0 ? every.multipliedBy(2) : steady;
    return new Passed(counted, late.compareTo(LATE) > 0 ? late : Duration.ZERO);
  }
}
