package dev.swarm.worker.session;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Grows with each failure as 0.1 s + 2 × the last, up to a cap; the wait is random below that. */
final class Backoff {
  // Stock agents go up to 8 s; ours come back quickly.
  static final Duration CAP = Duration.ofSeconds(2);
  private static final Duration BASE = Duration.ofMillis(100);
  private Duration current = Duration.ZERO;

  Duration next(RandomGenerator random) {
    Duration grown = BASE.plus(current.multipliedBy(2));
    current = grown.compareTo(CAP) > 0 ? CAP : grown;
    return Duration.ofNanos(random.nextLong(current.toNanos()));
  }

  void reset() {
    current = Duration.ZERO;
  }
}
