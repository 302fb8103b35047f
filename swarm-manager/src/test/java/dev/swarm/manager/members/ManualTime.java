package dev.swarm.manager.members;

import dev.swarm.core.port.Cancellable;
import dev.swarm.core.port.Clock;
import dev.swarm.core.port.EventLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A clock that stands still, and one thread's work on it, until a test moves it on. */
final class ManualTime implements Clock, EventLoop {
  private record Due(long atNanos, Runnable task) {}

  private final List<Due> tasks = new ArrayList<>();
  private long nanos = Long.MAX_VALUE - 1_000_000_000; // steady counts may wrap

  @Override
  public Instant now() {
    return Instant.EPOCH;
  }

  @Override
  public synchronized long nanoTime() {
    return nanos;
  }

  @Override
  public void execute(Runnable task) {
    var _ = schedule(Duration.ZERO, task);
  }

  @Override
  public synchronized Cancellable schedule(Duration delay, Runnable task) {
    Due due = new Due(nanos + Math.max(0, delay.toNanos()), task);
    tasks.add(due);
    return () -> cancel(due);
  }

  private synchronized void cancel(Due due) {
    tasks.remove(due);
  }

  /** Runs what is due now. */
  void run() {
    pass(Duration.ZERO);
  }

  void pass(Duration time) {
    long until = nanoTime() + time.toNanos();
    for (Optional<Due> due = next(until); due.isPresent(); due = next(until)) {
      due.get().task().run();
    }
    synchronized (this) {
      nanos = until;
    }
  }

  /** The earliest, and of those the first given. */
  private synchronized Optional<Due> next(long until) {
    Optional<Due> due =
        tasks.stream()
            .filter(one -> one.atNanos() - until <= 0)
            .min(Comparator.comparingLong(one -> one.atNanos() - until));
    due.ifPresent(
        one -> {
          tasks.remove(one);
          nanos = one.atNanos() - nanos > 0 ? one.atNanos() : nanos;
        });
    return due;
  }

  boolean isIdle() {
    return tasks.isEmpty();
  }
}
