package dev.swarm.core.retry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Pauses that grow. */
class BackoffTest {
  @Test
  void eachPauseIsTwiceTheLastUpToItsBound() {
    Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(5));
    assertEquals(
        List.of(1L, 2L, 4L, 5L, 5L),
        Stream.iterate(backoff.first(), backoff::after).limit(5).map(Duration::toSeconds).toList());
  }

  @Test
  void noPauseOverflows() {
    Duration longest = Duration.ofSeconds(Long.MAX_VALUE);
    assertEquals(longest, new Backoff(Duration.ofSeconds(1), longest).after(longest));
  }

  @Test
  void pausesThatCannotGrowAreRefused() {
    Duration second = Duration.ofSeconds(1);
    assertThrows(IllegalArgumentException.class, () -> new Backoff(Duration.ZERO, second));
    assertThrows(IllegalArgumentException.class, () -> new Backoff(second, Duration.ofMillis(1)));
  }
}
