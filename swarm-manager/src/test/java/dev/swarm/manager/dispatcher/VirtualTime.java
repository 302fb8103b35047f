package dev.swarm.manager.dispatcher;

import dev.swarm.core.port.Cancellable;
import dev.swarm.core.port.Clock;
import dev.swarm.core.port.EventLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/** A clock that stands still, and one thread's work on it, until a test moves it on. */
public final class VirtualTime implements Clock, EventLoop {
  private static final class Due {
    final long atNanos;
    final long order;
    final Runnable task;
    boolean cancelled;

    Due(long atNanos, long order, Runnable task) {
      this.atNanos = atNanos;
      this.order = order;
      this.task = task;
    }
  }

  private final PriorityQueue<Due> queue =
      new PriorityQueue<>(
          Comparator.comparingLong((Due due) -> due.atNanos).thenComparingLong(due -> due.order));
  private static final long NEVER = Long.MAX_VALUE / 2;

  private long nanos = 1;
  private long given;

  @Override
  public Instant now() {
    return Instant.EPOCH.plusNanos(nanos);
  }

  @Override
  public long nanoTime() {
    return nanos;
  }

  @Override
  public void execute(Runnable task) {
    Cancellable unused = schedule(Duration.ZERO, task);
  }

  @Override
  public Cancellable schedule(Duration delay, Runnable task) {
    Due due =
        new Due(nanos + Math.clamp(TimeUnit.NANOSECONDS.convert(delay), 0, NEVER), given++, task);
    queue.add(due);
    return () -> due.cancelled = true;
  }

  /** Time goes on and nothing runs: what was due then runs late. */
  public void pause(Duration time) {
    nanos += time.toNanos();
  }

  /** Lets time go by, and all that falls due meanwhile happen. */
  public void pass(Duration time) {
    long until = nanos + time.toNanos();
    while (!queue.isEmpty() && queue.peek().atNanos <= until) {
      Due due = queue.remove();
      nanos = Math.max(nanos, due.atNanos);
      if (!due.cancelled) {
        due.task.run();
      }
    }
    nanos = until;
  }
}
