package dev.swarm.manager.dispatcher;

import java.time.Duration;

/**
 * Period of heartbeats, and the silence after which an agent counts as lost. The period grows with
 * the cluster so that all agents together stay within a budget of beats a second.
 *
 * <p>The timeouts come from measurements: a beat caught in a network cut of two seconds stays
 * silent for 2.3 s when its agent tries again on a fresh connection, as ours does, and for 3.4 s
 * when it waits for the old one, as a stock engine does. A shorter cut must not count as a death.
 *
 * @param period what agents are told
 */
record HeartbeatPlan(Duration period, Duration timeout, Duration stockTimeout) {
  /** All agents together beat no more often than this. */
  static final int BEATS_A_SECOND_MAX = 400;

  private static final Duration PERIOD_MIN = Duration.ofMillis(300);
  private static final Duration SILENCE_OF_CUT = Duration.ofMillis(2300);
  private static final Duration SILENCE_OF_CUT_STOCK = Duration.ofMillis(3400);
  private static final Duration SLACK = Duration.ofMillis(100);

  /** A stock engine whose host still answers is given this much longer, in timeouts. */
  static final int STOCK_PATIENCE = 2;

  /**
   * @param override the period the operator asked for, or zero
   */
  static HeartbeatPlan of(int nodes, Duration override) {
    Duration byBudget = Duration.ofMillis(Math.ceilDiv(1000L * nodes, BEATS_A_SECOND_MAX));
    Duration period =
        !override.isZero() ? override : byBudget.compareTo(PERIOD_MIN) < 0 ? PERIOD_MIN : byBudget;
    // One beat of a long period may be lost; of a short one several are, within a cut.
    Duration lostBeat = period.compareTo(Duration.ofSeconds(1)) > 0 ? period : Duration.ZERO;
    return new HeartbeatPlan(
        period,
        period.plus(lostBeat).plus(SILENCE_OF_CUT).plus(SLACK),
        period.plus(lostBeat).plus(SILENCE_OF_CUT_STOCK).plus(SLACK.multipliedBy(4)));
  }
}
