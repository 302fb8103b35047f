package dev.swarm.manager.edge;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** Token bucket that limits a rate: so many at once after a rest, and then so many a second. */
final class TokenBucket {
  private final long intervalNanos;
  private final long restNanos;
  private final long waitNanosMax;
  private long next;

  /**
   * @param waitMax who would have to wait longer is refused
   */
  TokenBucket(int perSecond, int atOnce, Duration waitMax, long nowNanos) {
    intervalNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
    restNanos = intervalNanos * (atOnce - 1);
    waitNanosMax = waitMax.toNanos();
    next = nowNanos - restNanos;
  }

  /** In how many nanoseconds the next may begin; empty if it is not to wait for it. */
  synchronized OptionalLong begin(long nowNanos) {
    if (next - (nowNanos - restNanos) < 0) {
      next = nowNanos - restNanos;
    }
    long wait = Math.max(0, next - nowNanos);
    if (wait > waitNanosMax) {
      return OptionalLong.empty();
    }
    next += intervalNanos;
    return OptionalLong.of(wait);
  }
}
