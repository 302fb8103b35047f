package dev.swarm.core.sim;

import dev.swarm.core.port.Cancellable;
import dev.swarm.core.port.Clock;
import dev.swarm.core.port.EventLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/**
 * A clock that moves only when told to, with the one queue of everything that is to happen then: in
 * the order of its times, and of arrival within one. For one thread.
 */
public final class VirtualTime implements Clock, EventLoop {
  private static final Instant ORIGIN = Instant.parse("2026-01-01T00:00:00Z");
  private static final long NEVER = Long.MAX_VALUE / 2;

  /** So many do not happen in one go where everything comes to rest. */
  private static final int EVENTS_MAX = 1_000_000;

  private final PriorityQueue<Event> queue = new PriorityQueue<>();
  private final Instant origin;
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

  public VirtualTime() {
    this(ORIGIN);
  }

  /**
   * @param origin the time of day at the beginning, where {@link #nanoTime} is 0
   */
  public VirtualTime(Instant origin) {
    this.origin = origin;
  }

  @Override
  public Instant now() {
    return origin.plusNanos(nowNanos);
  }

  @Override
  public long nanoTime() {
    return nowNanos;
  }

  /** Milliseconds since the beginning. */
  public long millis() {
    return TimeUnit.NANOSECONDS.toMillis(nowNanos);
  }

  @Override
  public void execute(Runnable task) {
    at(nowNanos, task);
  }

  @Override
  public Cancellable schedule(Duration delay, Runnable task) {
    return add(nowNanos + Math.clamp(TimeUnit.NANOSECONDS.convert(delay), 0, NEVER), task);
  }

  /** As {@link #schedule}, for what is never called off. */
  public void after(Duration delay, Runnable task) {
    var _ = schedule(delay, task);
  }

  /** Runs {@code task} when {@link #nanoTime} has come to {@code atNanos}; soon if it has. */
  public void at(long atNanos, Runnable task) {
    var _ = add(atNanos, task);
  }

  private Event add(long atNanos, Runnable task) {
    Event event = new Event(Math.max(atNanos, nowNanos), numbers++, task);
    queue.add(event);
    return event;
  }

  /** Runs the next event if it is due by {@code untilNanos}; otherwise moves time there. */
  public boolean step(long untilNanos) {
    Event next = queue.peek();
    if (next == null || next.atNanos > untilNanos) {
      nowNanos = Math.max(nowNanos, untilNanos);
      return false;
    }
    queue.remove();
    nowNanos = Math.max(nowNanos, next.atNanos);
    if (!next.cancelled) {
      next.task.run();
    }
    return true;
  }

  /** Lets time go by, and all that falls due meanwhile happen. */
  public void pass(Duration span) {
    long until = nowNanos + span.toNanos();
    for (int ran = 0; step(until); ran++) {
      if (ran >= EVENTS_MAX) {
        throw new IllegalStateException("more happens than where everything comes to rest");
      }
    }
  }

  /** {@link #pass} in milliseconds. */
  public void passMillis(long millis) {
    pass(Duration.ofMillis(millis));
  }

  /** Runs what is due now. */
  public void run() {
    pass(Duration.ZERO);
  }

  /** Time goes on and nothing runs: what was due then runs late. */
  public void pause(Duration span) {
    nowNanos += span.toNanos();
  }
}
