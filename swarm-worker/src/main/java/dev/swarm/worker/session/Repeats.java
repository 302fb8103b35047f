package dev.swarm.worker.session;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Says which of many failures in a row are worth a line: those of a new cause, and of a known one
 * now and then, less and less often.
 */
final class Repeats {
  private static final Duration AGAIN = Duration.ofMinutes(1);
  private static final Duration AGAIN_MAX = Duration.ofMinutes(16);
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
    Duration pause = said == null ? AGAIN : said.pause.multipliedBy(2);
    Duration bounded = pause.compareTo(AGAIN_MAX) > 0 ? AGAIN_MAX : pause;
    causes.put(cause, new Said(nowNanos + bounded.toNanos(), bounded));
    return OptionalLong.of(failures);
  }

  /** It worked: whatever fails next is new. */
  void over() {
    causes.clear();
    failures = 0;
  }
}
