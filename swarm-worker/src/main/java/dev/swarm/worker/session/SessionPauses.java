package dev.swarm.worker.session;

import dev.swarm.core.retry.Backoff;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** The wait before the next session: random, below what grows with each failure in a row. */
final class SessionPauses {
  // Stock agents go up to 8 s; ours come back quickly.
  static final Backoff BOUNDS = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(2));
  private Duration bound = BOUNDS.first();

  Duration next(RandomGenerator random) {
    Duration wait = Duration.ofNanos(random.nextLong(bound.toNanos()));
    bound = BOUNDS.after(bound);
    return wait;
  }

  void reset() {
    bound = BOUNDS.first();
  }
}
