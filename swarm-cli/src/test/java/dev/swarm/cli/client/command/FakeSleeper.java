package dev.swarm.cli.client.command;

import dev.swarm.cli.terminal.Sleeper;
import java.time.Duration;

/** Time that passes only by resting. */
final class FakeSleeper implements Sleeper {
  private long nanos;

  @Override
  public long nanoTime() {
    return nanos;
  }

  @Override
  public void rest(Duration duration) {
    nanos += duration.toNanos();
  }
}
