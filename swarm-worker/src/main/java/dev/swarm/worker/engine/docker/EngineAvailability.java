package dev.swarm.worker.engine.docker;

import dev.swarm.core.port.Clock;
import java.time.Duration;

/**
 * Tracks whether the engine answers: one that is silent for a moment is being restarted, one that
 * is silent for long is away. Safe for use by many threads.
 */
final class EngineAvailability {
  static final Duration AWAY_AFTER = Duration.ofSeconds(10);

  private final Clock clock;
  private volatile Runnable changed = () -> {};

  // Guarded by this:
  private boolean silent;
  private long silentSince;
  private boolean away;

  EngineAvailability(Clock clock) {
    this.clock = clock;
  }

  /**
   * @param changed called, on the thread that noticed, when the engine is away or is back
   */
  void whenChanged(Runnable changed) {
    this.changed = changed;
  }

  void answered() {
    boolean back;
    synchronized (this) {
      back = away;
      silent = false;
      away = false;
    }
    if (back) {
      changed.run();
    }
  }

  /** It was asked and said nothing; tell it again as long as that is so. */
  void unanswered() {
    boolean gone = false;
    synchronized (this) {
      long now = clock.nanoTime();
      if (!silent) {
        silent = true;
        silentSince = now;
      }
      if (!away && now - silentSince >= AWAY_AFTER.toNanos()) {
        away = true;
        gone = true;
      }
    }
    if (gone) {
      changed.run();
    }
  }

  synchronized boolean isAway() {
    return away;
  }
}
