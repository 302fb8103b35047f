package dev.swarm.cli.identity;

import dev.swarm.core.port.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** A time of day that a test sets; durations are real, with what the test adds. */
final class MovableClock implements Clock {
  volatile Instant now = Instant.parse("2026-03-01T12:00:00Z");
  private final AtomicLong skippedNanos = new AtomicLong();

  @Override
  public Instant now() {
    return now;
  }

  @Override
  public long nanoTime() {
    return System.nanoTime() + skippedNanos.get();
  }

  void skip(Duration duration) {
    skippedNanos.addAndGet(duration.toNanos());
  }
}
