package dev.swarm.manager.servicelogs;

import dev.swarm.core.port.Cancellable;
import dev.swarm.core.port.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** Runs what it was given when a test says so. */
final class ManualLoop implements EventLoop {
  private final Deque<Runnable> tasks = new ArrayDeque<>();

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  @Override
  public Cancellable schedule(Duration delay, Runnable task) {
    throw new UnsupportedOperationException("log streams know no time");
  }

  void run() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }
}
