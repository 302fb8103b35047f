package dev.swarm.worker.sim;

import dev.swarm.core.port.Cancellable;
import dev.swarm.core.port.Clock;
import dev.swarm.core.port.EventLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/** Virtual time: events run in the order of their times, and of arrival within one. */
public final class SimLoop implements EventLoop, Clock {
  private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");
  private static final int EVENTS_MAX = 1_000_000;
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::number));
  private long now;
  private long number;
  private int ran;

  private record Event(long at, long number, Runnable task) {}

  @Override
  public void execute(Runnable task) {
    schedule(Duration.ZERO, task);
  }

  @Override
  public Cancellable schedule(Duration delay, Runnable task) {
    Event event = new Event(now + Math.max(0, delay.toNanos()), number++, task);
    events.add(event);
    return () -> events.remove(event);
  }

  @Override
  public Instant now() {
    return EPOCH.plusNanos(now);
  }

  @Override
  public long nanoTime() {
    return now;
  }

  /** Milliseconds since the beginning. */
  public long millis() {
    return now / 1_000_000;
  }

  /** Runs what happens within {@code span}. */
  public void run(Duration span) {
    long end = now + span.toNanos();
    while (!events.isEmpty() && events.element().at() <= end) {
      if (++ran > EVENTS_MAX) {
        throw new IllegalStateException("more events than a quiet loop has");
      }
      Event event = events.remove();
      now = Math.max(now, event.at());
      event.task().run();
    }
    now = end;
  }

  /** Time goes on and nothing runs: what was due then runs late. */
  public void pause(Duration span) {
    now += span.toNanos();
  }

  public void runMillis(long millis) {
    run(Duration.ofMillis(millis));
  }
}
