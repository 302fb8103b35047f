package dev.swarm.core.port;

import java.time.Duration;

/**
 * Runs tasks one at a time, in the order they were given: whatever is only touched from one event
 * loop needs no lock. The real one is a thread, the simulated one a priority queue.
 */
public interface EventLoop {
  /** Runs {@code task} soon. May be called from any thread. */
  void execute(Runnable task);

  /** Runs {@code task} once after {@code delay}; a delay of zero or less means soon. */
  Cancellable schedule(Duration delay, Runnable task);
}
