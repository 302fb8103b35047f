package dev.swarm.cli.sim;

import dev.swarm.core.port.Cancellable;
import dev.swarm.core.port.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;

/** The world's time and the one queue of all that is going to happen. */
final class VirtualTime implements Clock {
  private static final Instant ORIGIN = Instant.parse("2026-01-01T00:00:00Z");

  private final PriorityQueue<Event> queue = new PriorityQueue<>();
  private long nowNanos;
  private long numbers;

  private static final class Event implements Comparable<Event>, Cancellable {
    private final long atNanos;
    private final long number;
    private final Runnable task;
    private boolean cancelled;

    private Event(long atNanos, long number, Runnable task) {
      this.atNanos = atNanos;
      this.number = number;
      this.task = task;
    }

    @Override
    public void cancel() {
      cancelled = true;
    }

    @Override
    public int compareTo(Event other) {
      return atNanos != other.atNanos
          ? Long.compare(atNanos, other.atNanos)
          : Long.compare(number, other.number);
    }
  }

  @Override
  public Instant now() {
    return ORIGIN.plusNanos(nowNanos);
  }

  @Override
  public long nanoTime() {
    return nowNanos;
  }

  Cancellable at(long atNanos, Runnable task) {
    Event event = new Event(Math.max(atNanos, nowNanos), numbers++, task);
    queue.add(event);
    return event;
  }

  Cancellable after(Duration delay, Runnable task) {
    return at(nowNanos + Math.max(0, delay.toNanos()), task);
  }

  /** Runs the next event if it is due by {@code untilNanos}; otherwise moves time there. */
  boolean step(long untilNanos) {
    Event next = queue.peek();
    if (next == null || next.atNanos > untilNanos) {
      nowNanos = untilNanos;
      return false;
    }
    queue.poll();
    nowNanos = next.atNanos;
    if (!next.cancelled) {
      next.task.run();
    }
    return true;
  }
}
