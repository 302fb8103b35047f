package dev.swarm.manager.loop;

import dev.swarm.core.port.Cancellable;
import dev.swarm.core.port.EventLoop;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** An event loop that is one daemon thread. After {@link #close} nothing runs any more. */
public final class ThreadEventLoop implements EventLoop, AutoCloseable {
  private final ScheduledThreadPoolExecutor executor;
  private final Consumer<Throwable> faults;

  /**
   * @param name of the thread
   * @param faults is told what a task threw; the loop goes on
   */
  public ThreadEventLoop(String name, Consumer<Throwable> faults) {
    this.faults = faults;
    executor =
        new ScheduledThreadPoolExecutor(
            1, task -> Thread.ofPlatform().name(name).daemon().unstarted(task));
    executor.setRemoveOnCancelPolicy(true);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  @Override
  public void execute(Runnable task) {
    try {
      executor.execute(() -> run(task));
    } catch (RejectedExecutionException closed) {
      // Closed: whoever still speaks to this loop will find its own connections closed too.
    }
  }

  @Override
  public Cancellable schedule(Duration delay, Runnable task) {
    try {
      Future<?> future = executor.schedule(() -> run(task), nanos(delay), TimeUnit.NANOSECONDS);
      return () -> future.cancel(false);
    } catch (RejectedExecutionException closed) {
      return () -> {};
    }
  }

  /** What is longer than a number of nanoseconds can say never comes. */
  private static long nanos(Duration delay) {
    return Math.max(0, TimeUnit.NANOSECONDS.convert(delay));
  }

  private void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error fault) {
      faults.accept(fault);
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
