package dev.swarm.worker.engine.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.sim.VirtualTime;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EngineAvailabilityTest {
  private final VirtualTime clock = new VirtualTime();
  private final EngineAvailability presence = new EngineAvailability(clock);
  private final AtomicInteger told = new AtomicInteger();

  @Test
  void silenceOfTenSecondsIsAbsence() {
    presence.whenChanged(told::incrementAndGet);
    presence.unanswered();
    clock.passMillis(9_999);
    presence.unanswered();
    assertFalse(presence.isAway());
    clock.passMillis(1);
    presence.unanswered();
    presence.unanswered();
    assertTrue(presence.isAway());
    assertEquals(1, told.get());
    presence.answered();
    presence.answered();
    assertFalse(presence.isAway());
    assertEquals(2, told.get());
  }

  @Test
  void whoIsRestartedNowAndThenIsNotAway() {
    presence.whenChanged(told::incrementAndGet);
    for (int i = 0; i < 10; i++) {
      presence.unanswered();
      clock.passMillis(6_000);
      presence.answered();
    }
    presence.unanswered();
    assertFalse(presence.isAway());
    assertEquals(0, told.get());
  }
}
