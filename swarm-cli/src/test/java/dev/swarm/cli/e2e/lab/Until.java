package dev.swarm.cli.e2e.lab;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Waits for what other processes do. Every wait ends, in success or with the last reason. */
public final class Until {
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);

  private Until() {}

  /**
   * Waits until {@code condition} holds; one that throws does not hold yet.
   *
   * @return how long it took
   */
  public static Duration holds(String what, Duration limit, Callable<Boolean> condition) {
    long start = System.nanoTime();
    while (true) {
      Throwable why = look(condition);
      Duration waited = Duration.ofNanos(System.nanoTime() - start);
      if (why == null) {
        return waited;
      }
      if (waited.compareTo(limit) > 0) {
        throw new AssertionError("waited " + limit.toSeconds() + " s for: " + what, why);
      }
      pause(LOOK_EVERY);
    }
  }

  /** Checks again and again that {@code condition} holds, for as long as {@code time}. */
  public static void stays(String what, Duration time, Callable<Boolean> condition) {
    long start = System.nanoTime();
    do {
      Throwable why = look(condition);
      if (why != null) {
        throw new AssertionError("no longer so: " + what, why);
      }
      pause(LOOK_EVERY);
    } while (System.nanoTime() - start < time.toNanos());
  }

  /** Null when it holds; otherwise why not. */
  private static @Nullable Throwable look(Callable<Boolean> condition) {
    try {
      return condition.call() ? null : new AssertionError("it does not hold");
    } catch (AssertionError | Exception e) {
      return e;
    }
  }

  public static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
