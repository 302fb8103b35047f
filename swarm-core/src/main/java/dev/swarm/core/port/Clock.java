package dev.swarm.core.port;

import java.time.Instant;

/** Where time comes from. Simulated time and the machine's clock are two adapters of it. */
public interface Clock {
  /** The time of day. May jump; never use it to measure how long something took. */
  Instant now();

  /** A steady count of nanoseconds from an arbitrary origin, for measuring durations. */
  long nanoTime();
}
