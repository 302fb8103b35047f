package dev.swarm.host;

import dev.swarm.core.port.Clock;
import java.time.Instant;

/** The machine's clock. */
public final class SystemClock implements Clock {
  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }
}
