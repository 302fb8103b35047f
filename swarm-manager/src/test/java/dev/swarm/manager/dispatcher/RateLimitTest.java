package dev.swarm.manager.dispatcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.model.NodeId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Three registrations of one node in eight seconds. */
class RateLimitTest {
  private static final NodeId NODE = new NodeId("n");
  private static final NodeId OTHER = new NodeId("o");
  private static final long WINDOW_MILLIS = 8000;
  private static final int MAX = 3;

  private long nowMillis = 50;
  private final RateLimit limit = new RateLimit(this::nanos);

  private long nanos() {
    return Duration.ofMillis(nowMillis).toNanos();
  }

  private boolean permits(NodeId node) {
    return limit.permits(node, false, nanos());
  }

  @Example
  void theFourthIsTooMuchUntilTheFirstIsOld() {
    assertTrue(permits(NODE));
    nowMillis += 4000;
    assertTrue(permits(NODE));
    assertTrue(permits(NODE));
    assertFalse(permits(NODE));
    assertTrue(permits(OTHER), "another node has its own");
    nowMillis += 4000;
    assertFalse(permits(NODE));
    nowMillis += 1;
    assertTrue(permits(NODE));
    assertFalse(permits(NODE));
  }

  /** A refusal does not count, so that a node which keeps trying gets in. */
  @Property
  void anyWindowHoldsThreeAndNoFewer(
      @ForAll @Size(max = 50) List<@IntRange(max = 5000) Integer> gapsMillis) {
    nowMillis += 10 * WINDOW_MILLIS; // what the tries before did is forgotten
    Deque<Long> granted = new ArrayDeque<>();
    for (int gap : gapsMillis) {
      nowMillis += 10 * WINDOW_MILLIS; // what the tries before did is forgotten
      nowMillis += gap;
      granted.removeIf(at -> nowMillis - at > WINDOW_MILLIS);
      boolean room = granted.size() < MAX;
      assertEquals(room, permits(NODE));
      if (room) {
        granted.add(nowMillis);
      }
    }
  }

  @Example
  void aSessionThatGoesOnHasMoreLeave() {
    for (int i = 0; i < 12; i++) {
      assertTrue(limit.permits(NODE, true, nanos()));
    }
    assertFalse(limit.permits(NODE, true, nanos()));
    assertFalse(permits(NODE));
  }
}
