package dev.swarm.core.loop;

import dev.swarm.core.plan.Key;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * The time at which each key is to be reconciled again. Nothing here needs to be stored: the times
 * follow from stored facts and are found again by reconciling the key.
 */
final class Timers {
  private record Timer(Instant at, Key key, long number) implements Comparable<Timer> {
    @Override
    public int compareTo(Timer other) {
      int byTime = at.compareTo(other.at);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }

  private final PriorityQueue<Timer> queue = new PriorityQueue<>();
  private final Map<Key, Instant> current = new HashMap<>();
  private long numbers;

  /** Sets the key's timer; {@link Instant#MAX} turns it off. */
  void set(Key key, Instant at) {
    if (at.equals(Instant.MAX)) {
      current.remove(key);
    } else if (!at.equals(current.put(key, at))) {
      queue.add(new Timer(at, key, numbers++));
    }
  }

  /** Takes the keys whose time has come, the earliest first. */
  List<Key> due(Instant now) {
    List<Key> keys = new ArrayList<>();
    for (Timer head = queue.peek(); head != null && !head.at.isAfter(now); head = queue.peek()) {
      queue.poll();
      if (current.remove(head.key, head.at)) {
        keys.add(head.key);
      }
    }
    return keys;
  }

  /** The time of the next timer, or {@link Instant#MAX}. */
  Instant next() {
    while (!queue.isEmpty() && !queue.peek().at.equals(current.get(queue.peek().key))) {
      queue.poll(); // was moved or turned off
    }
    return queue.isEmpty() ? Instant.MAX : queue.peek().at;
  }

  void clear() {
    queue.clear();
    current.clear();
  }
}
