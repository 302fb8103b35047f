package dev.swarm.host;

import dev.swarm.core.port.Cancellable;
import dev.swarm.core.port.EventLoop;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Event loop with a thread of its own. A task that throws is a bug: it is handed to the fault
 * handler, and the loop goes on with the next task. After {@link #close} nothing runs.
 */
public final class ThreadEventLoop implements EventLoop, AutoCloseable {
  private final ScheduledThreadPoolExecutor executor;
  private final Consumer<Throwable> faults;
  private volatile boolean closed;

  /**
   * @param name of the thread
   * @param faults is told, on the loop, what a task threw
   */
  public ThreadEventLoop(String name, Consumer<Throwable> faults) {
    this.faults = faults;
    this.executor =
        new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().name(name).daemon().factory());
    executor.setRemoveOnCancelPolicy(true);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  @Override
  public void execute(Runnable task) {
    try {
      executor.execute(() -> run(task));
    } catch (RejectedExecutionException e) {
      // Closed: what comes now comes too late for anyone.
    }
  }

  @Override
  public Cancellable schedule(Duration delay, Runnable task) {
    try {
      // What is longer than a number of nanoseconds can say never comes.
      long nanos = TimeUnit.NANOSECONDS.convert(delay);
      Future<?> future = executor.schedule(() -> run(task), nanos, TimeUnit.NANOSECONDS);
      return () -> future.cancel(false);
    } catch (RejectedExecutionException e) {
      return () -> {};
    }
  }

  private void run(Runnable task) {
    if (closed) {
      return; // The executor drops on closing only what is not due yet.
    }
    try {
      task.run();
    } catch (RuntimeException | Error fault) {
      faults.accept(fault);
    }
  }

  /**
   * Drops what has not begun and lets what runs finish: an interrupt would close the file that it
   * is just writing to. Does not wait.
   */
  @Override
  public void close() {
    closed = true;
    executor.shutdown();
  }
}
