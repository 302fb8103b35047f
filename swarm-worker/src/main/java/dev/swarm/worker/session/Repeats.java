package dev.swarm.worker.session;

import dev.swarm.core.retry.Backoff;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Decides which of many failures in a row are logged: those of a new cause, and of a known one now
 * and then, less and less often.
 */
final class Repeats {
  private static final Backoff AGAIN = new Backoff(Duration.ofMinutes(1), Duration.ofMinutes(16));
  private static final int CAUSES_MAX = 32;

  private record Said(long nextNanos, Duration pause) {}

  private final Map<String, Said> causes = new LinkedHashMap<>();
  private long failures;

  /**
   * Another failure.
   *
   * @return how many there were so far, this one included, if a line is to say so
   */
  OptionalLong count(String cause, long nowNanos) {
    failures++;
    Said said = causes.get(cause);
    if (said != null && nowNanos - said.nextNanos < 0) {
      return OptionalLong.empty();
    }
    if (causes.size() >= CAUSES_MAX) {
      causes.clear();
    }
    Duration pause = said == null ? AGAIN.first() : AGAIN.after(said.pause);
    causes.put(cause, new Said(nowNanos + pause.toNanos(), pause));
    return OptionalLong.of(failures);
  }

  /** It worked: whatever fails next is new. */
  void over() {
    causes.clear();
    failures = 0;
  }
}
