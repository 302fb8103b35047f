package dev.swarm.manager.loop;

import dev.swarm.core.port.Clock;
import java.time.Instant;

/** The machine's own time. */
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
