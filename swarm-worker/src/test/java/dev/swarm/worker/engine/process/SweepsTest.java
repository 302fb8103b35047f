package dev.swarm.worker.engine.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SweepsTest {
  private final Sweeps sweeps = new Sweeps();

  @Test
  void whatEndedIsSweptOnce() {
    assertTrue(sweeps.begin(0));
    assertFalse(sweeps.begin(Long.MAX_VALUE / 2));
  }

  /** Until it has ended, less and less often, but never less than about once a minute. */
  @Test
  void whatDoesNotEndIsTriedForEver() {
    long now = -5;
    long last = 0;
    assertTrue(sweeps.begin(now));
    for (int round = 0; round < 100; round++) {
      assertEquals(round == 0, sweeps.failed(now), "it is said once");
      long pause = 0;
      while (!sweeps.begin(now + pause)) {
        pause += Duration.ofSeconds(1).toNanos();
      }
      assertTrue(pause > 0 && pause >= last, "round " + round);
      assertTrue(pause <= Duration.ofSeconds(64).toNanos(), "round " + round);
      last = pause;
      now += pause;
    }
  }
}
