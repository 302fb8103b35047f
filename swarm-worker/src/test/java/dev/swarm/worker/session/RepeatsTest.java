package dev.swarm.worker.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** An agent without managers does not fill the log. */
class RepeatsTest {
  private final Repeats repeats = new Repeats();
  private long nowNanos = -5; // the clock's origin is arbitrary

  @Test
  void aDayOfOneCauseIsAFewDozenLines() {
    int lines = 0;
    for (int i = 0; i < 86_400; i++) {
      nowNanos += Duration.ofSeconds(1).toNanos();
      // Two managers in turn, each with its own sentence.
      lines += repeats.count("m" + i % 2 + ": connection refused", nowNanos).isPresent() ? 1 : 0;
    }
    assertTrue(lines > 50 && lines < 250, () -> "lines");
  }

  @Test
  void aNewCauseIsToldAtOnce() {
    assertEquals(OptionalLong.of(1), repeats.count("refused", nowNanos));
    assertEquals(OptionalLong.empty(), repeats.count("refused", nowNanos));
    assertEquals(OptionalLong.of(3), repeats.count("no route", nowNanos));
    nowNanos += Duration.ofMinutes(1).toNanos();
    assertEquals(OptionalLong.of(4), repeats.count("refused", nowNanos));
    nowNanos += Duration.ofMinutes(1).toNanos();
    assertEquals(OptionalLong.empty(), repeats.count("refused", nowNanos), "less and less often");
    repeats.over();
    assertEquals(OptionalLong.of(1), repeats.count("refused", nowNanos));
  }
}
