package dev.swarm.core.loop;

import dev.swarm.core.plan.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Keys whose controller failed. Each is looked at again after a while that grows, and whenever what
 * it stands for changes.
 */
final class SetAside {
  private static final Duration DELAY_FIRST = Duration.ofSeconds(1);
  private static final Duration DELAY_MAX = Duration.ofMinutes(5);

  private final Map<Key, Duration> delays = new LinkedHashMap<>();

  /** Those that are set aside, the longest first. */
  List<Key> keys() {
    return List.copyOf(delays.keySet());
  }

  /** When to look at the key again, which has just failed. */
  Instant retryAt(Key key, Instant now) {
    Duration delay =
        delays.merge(
            key,
            DELAY_FIRST,
            (last, first) -> {
              Duration next = last.multipliedBy(2);
              return next.compareTo(DELAY_MAX) < 0 ? next : DELAY_MAX;
            });
    return now.plus(delay);
  }

  /** The key was looked at, and all went well; says whether it had been set aside. */
  boolean succeeded(Key key) {
    return !delays.isEmpty() && delays.remove(key) != null;
  }

  void clear() {
    delays.clear();
  }
}
