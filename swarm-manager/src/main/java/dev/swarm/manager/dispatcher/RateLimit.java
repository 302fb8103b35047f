package dev.swarm.manager.dispatcher;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.swarm.core.model.NodeId;
import java.time.Duration;
import java.util.ArrayDeque;

/** Limits how often one node registers, so that it does not keep everybody else waiting. */
final class RateLimit {
  private static final int REGISTRATIONS_MAX = 3;

  /** Of a node that goes on with a session it has: each new certificate of its is told so. */
  private static final int CONTINUATIONS_MAX = 12;

  private static final Duration WINDOW = Duration.ofSeconds(8);

  private final Cache<NodeId, ArrayDeque<Long>> recent;

  RateLimit(Ticker ticker) {
    recent =
        Caffeine.newBuilder()
            .ticker(ticker)
            .executor(Runnable::run)
            .expireAfterAccess(WINDOW)
            .maximumSize(200_000)
            .build();
  }

  /**
   * Counts one registration; says whether it is within the limit.
   *
   * @param goesOn whether the node goes on with a session that is open
   */
  boolean permits(NodeId node, boolean goesOn, long nowNanos) {
    ArrayDeque<Long> times = recent.get(node, id -> new ArrayDeque<>());
    while (!times.isEmpty() && nowNanos - times.peek() > WINDOW.toNanos()) {
      times.poll();
    }
    if (times.size() >= (goesOn ? CONTINUATIONS_MAX : REGISTRATIONS_MAX)) {
      return false;
    }
    times.add(nowNanos);
    return true;
  }
}
