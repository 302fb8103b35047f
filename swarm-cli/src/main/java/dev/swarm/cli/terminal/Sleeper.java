package dev.swarm.cli.terminal;

import java.time.Duration;

/** Sleeps, and measures how long that took. */
public interface Sleeper {
  /** A steady count of nanoseconds from an arbitrary origin. */
  long nanoTime();

  /** Returns after {@code duration}. */
  void rest(Duration duration) throws InterruptedException;

  /** The machine's own. */
  static Sleeper real() {
    return new Sleeper() {
      @Override
      public long nanoTime() {
        return System.nanoTime();
      }

      @Override
      public void rest(Duration duration) throws InterruptedException {
        Thread.sleep(duration);
      }
    };
  }
}
