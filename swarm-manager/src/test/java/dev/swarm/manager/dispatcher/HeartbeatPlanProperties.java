package dev.swarm.manager.dispatcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Laws of how often agents beat. */
class HeartbeatPlanProperties {
  private static final int NODES_MAX = 1_000_000;
  private static final long CUT_MILLIS = 2300;
  private static final long CUT_STOCK_MILLIS = 3400;

  private static HeartbeatPlan adapted(int nodes) {
    return HeartbeatPlan.of(nodes, Duration.ZERO);
  }

  private static HeartbeatPlan asked(int millis) {
    return HeartbeatPlan.of(10, Duration.ofMillis(millis));
  }

  @Property
  void allAgentsStayWithinTheBudget(@ForAll @IntRange(max = NODES_MAX) int nodes) {
    long beatsMilli = nodes * 1000L;
    long budget = HeartbeatPlan.BEATS_A_SECOND_MAX * adapted(nodes).period().toMillis();
    assertTrue(beatsMilli <= budget, () -> nodes + " nodes: " + adapted(nodes));
  }

  @Property
  void noPeriodIsShorterThanNeeded(@ForAll @IntRange(max = NODES_MAX) int nodes) {
    Duration period = adapted(nodes).period();
    assertTrue(period.toMillis() >= 300, period::toString);
    Duration shorter = period.minusMillis(1);
    boolean tooOften = nodes * 1000L > HeartbeatPlan.BEATS_A_SECOND_MAX * shorter.toMillis();
    assertTrue(shorter.toMillis() < 300 || tooOften, period::toString);
  }

  @Property
  void whatTheOperatorAsksForIsThePeriod(
      @ForAll @IntRange(max = NODES_MAX) int nodes,
      @ForAll @IntRange(min = 1, max = 600_000) int millis) {
    Duration asked = Duration.ofMillis(millis);
    HeartbeatPlan plan = HeartbeatPlan.of(nodes, asked);
    assertEquals(asked, plan.period());
    assertEquals(HeartbeatPlan.of(0, asked), plan);
  }

  @Property
  void timeoutsGrowWithTheCluster(
      @ForAll @IntRange(max = NODES_MAX) int a, @ForAll @IntRange(max = NODES_MAX) int b) {
    assertOrdered(adapted(Math.min(a, b)), adapted(Math.max(a, b)));
  }

  @Property
  void timeoutsGrowWithThePeriod(
      @ForAll @IntRange(min = 1, max = 10_000) int a,
      @ForAll @IntRange(min = 1, max = 10_000) int b) {
    assertOrdered(asked(Math.min(a, b)), asked(Math.max(a, b)));
  }

  private static void assertOrdered(HeartbeatPlan less, HeartbeatPlan more) {
    assertTrue(less.period().compareTo(more.period()) <= 0);
    assertTrue(less.timeout().compareTo(more.timeout()) <= 0);
    assertTrue(less.stockTimeout().compareTo(more.stockTimeout()) <= 0);
  }

  /** Nobody dies of one cut of two seconds, nor of one lost beat of a long period. */
  @Property
  void aCutOrALostBeatIsNoDeath(@ForAll @IntRange(min = 1, max = 600_000) int millis) {
    HeartbeatPlan plan = asked(millis);
    long beats = millis > 1000 ? 2L * millis : millis;
    assertTrue(plan.timeout().toMillis() > beats + CUT_MILLIS);
    assertTrue(plan.stockTimeout().toMillis() > beats + CUT_STOCK_MILLIS);
    assertTrue(plan.stockTimeout().compareTo(plan.timeout()) > 0);
  }

  @Example
  void aSmallClusterKnowsWithinThreeSeconds() {
    HeartbeatPlan plan = adapted(100);
    assertEquals(Duration.ofMillis(300), plan.period());
    assertTrue(plan.timeout().plus(Liveness.LOOK_EVERY).compareTo(Duration.ofSeconds(3)) < 0);
  }
}
