package dev.swarm.worker.session;

import dev.swarm.core.spec.Defaults;
import java.time.Duration;

/** The durations of the agent's side of a session. */
final class Timing {
  static final Duration FIRST_MESSAGE = Duration.ofSeconds(5);
  static final Duration DESCRIBE = Duration.ofSeconds(15);
  static final Duration DESCRIPTION_CHECK = Duration.ofSeconds(20);
  // A timer that rings this much later than meant tells of a pause of this node's own.
  static final Duration LATE = Duration.ofMillis(500);
  static final Duration BEAT_TIMEOUT = Duration.ofSeconds(5);
  // How long beats may pass on fresh connections only before the standing one counts as dead.
  static final Duration STANDING_SILENCE_MAX = Duration.ofSeconds(10);
  static final Duration HEDGE = Duration.ofMillis(400);
  // Where the manager beats slower than this there are many nodes, and each hedges only once.
  static final Duration FEW_NODES_PERIOD_MAX = Duration.ofSeconds(2);
  // A connection begun during a cut waits seconds for its own first segment to be sent again, so
  // after a cut of 2 s only one begun near its end is quick.
  static final int HEDGES_MAX = 12;
  static final Duration HEDGE_AGAIN_MIN = Duration.ofMillis(200);
  static final Duration PERIOD_MIN = Duration.ofMillis(50);
  static final Duration PERIOD_MAX = Duration.ofMinutes(5);
  // A session that lived this long was a good one: the next failure starts at the shortest
  // back-off.
  static final Duration PROVEN = Duration.ofSeconds(8);

  private Timing() {}

  /** How long a beat may be silent before one is sent on a fresh connection. */
  static Duration hedgeAfter(Duration period) {
    Duration half = period.dividedBy(2);
    return half.compareTo(HEDGE) < 0 ? half : HEDGE;
  }

  /** How long after one hedge the next is sent. */
  static Duration hedgeAgainAfter(Duration period) {
    Duration first = hedgeAfter(period);
    return first.compareTo(HEDGE_AGAIN_MIN) < 0 ? HEDGE_AGAIN_MIN : first;
  }

  /** How many hedges one beat may cost. */
  static int hedges(Duration period) {
    return period.compareTo(FEW_NODES_PERIOD_MAX) <= 0 ? HEDGES_MAX : 1;
  }

  /** A period the manager sent, made safe: nothing or nonsense must not become a busy loop. */
  static Duration period(com.google.protobuf.Duration sent) {
    Duration period = Duration.ofSeconds(sent.getSeconds(), sent.getNanos());
    if (period.isZero() || period.isNegative()) {
      return Defaults.HEARTBEAT_PERIOD;
    }
    if (period.compareTo(PERIOD_MIN) < 0) {
      return PERIOD_MIN;
    }
    return period.compareTo(PERIOD_MAX) > 0 ? PERIOD_MAX : period;
  }
}
