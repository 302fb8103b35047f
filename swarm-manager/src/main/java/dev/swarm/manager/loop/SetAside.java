package dev.swarm.manager.loop;

import dev.swarm.core.plan.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys whose controller failed. Each is looked at again after a while that grows, and whenever what
 * it stands for changes; all other keys go on.
 */
final class SetAside {
  private static final Logger LOG = LoggerFactory.getLogger(SetAside.class);
  private static final Duration DELAY_FIRST = Duration.ofSeconds(1);
  private static final Duration DELAY_MAX = Duration.ofMinutes(5);

  private final Map<Key, Duration> delays = new HashMap<>();

  int count() {
    return delays.size();
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

  /** The key was looked at, and all went well. */
  void succeeded(Key key) {
    if (!delays.isEmpty() && delays.remove(key) != null) {
      LOG.info("{} is looked after again", key);
    }
  }

  void clear() {
    delays.clear();
  }
}
