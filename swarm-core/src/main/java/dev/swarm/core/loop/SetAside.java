package dev.swarm.core.loop;

import dev.swarm.core.plan.Key;
import dev.swarm.core.retry.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Keys whose controller failed. Each is tried again after a delay that grows, and whenever its
 * object changes.
 */
final class SetAside {
  private static final Backoff DELAYS = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(5));

  private final Map<Key, Duration> delays = new LinkedHashMap<>();

  /** Those that are set aside, the longest first. */
  List<Key> keys() {
    return List.copyOf(delays.keySet());
  }

  /** When to look at the key again, which has just failed. */
  Instant retryAt(Key key, Instant now) {
    Duration delay = delays.merge(key, DELAYS.first(), (last, first) -> DELAYS.after(last));
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
