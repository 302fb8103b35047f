package dev.swarm.core.port;

import java.time.Instant;

/** Source of time. Simulated time and the machine's clock are two adapters of it. */
public interface Clock {
  /** The time of day. May jump; never use it to measure how long something took. */
  Instant now();

  /** A steady count of nanoseconds from an arbitrary origin, for measuring durations. */
  long nanoTime();
}
