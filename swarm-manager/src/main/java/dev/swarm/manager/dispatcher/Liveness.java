package dev.swarm.manager.dispatcher;

import dev.swarm.core.model.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/**
 * Says which agents have been silent for too long. Silence counts only while this manager was awake
 * to hear: after a pause of its own, everybody gets one whole timeout.
 */
final class Liveness {
  /** A look this much later than meant is a pause of ours. */
  private static final Duration LATE = Duration.ofMillis(500);

  static final Duration LOOK_EVERY = Duration.ofMillis(100);

  private long lastLookNanos;
  private long deafUntilNanos;

  Liveness(long nowNanos) {
    lastLookNanos = nowNanos;
    deafUntilNanos = nowNanos;
  }

  /**
   * One look at all sessions.
   *
   * @param suspect is told of a stock engine that has become silent and may be probed
   * @return the nodes to be declared down
   */
  List<NodeId> look(
      Collection<AgentSession> sessions,
      HeartbeatPlan plan,
      long nowNanos,
      Consumer<AgentSession> suspect) {
    if (nowNanos - lastLookNanos > LOOK_EVERY.plus(LATE).toNanos()) {
      deafUntilNanos = nowNanos;
    }
    lastLookNanos = nowNanos;
    List<NodeId> down = new ArrayList<>();
    for (AgentSession session : sessions) {
      long silentNanos = nowNanos - Math.max(session.lastBeatNanos(), deafUntilNanos);
      if (session.hedges) {
        if (silentNanos > plan.timeout().toNanos()) {
          down.add(session.node);
        }
      } else if (isDown(session, plan, silentNanos, suspect)) {
        down.add(session.node);
      }
    }
    return down;
  }

  private static boolean isDown(
      AgentSession session, HeartbeatPlan plan, long silentNanos, Consumer<AgentSession> suspect) {
    long timeoutNanos = plan.stockTimeout().toNanos();
    boolean suspected = silentNanos > timeoutNanos / 2;
    if (session.suspected(suspected)) {
      suspect.accept(session);
    }
    long patience = session.hostAnswers() ? HeartbeatPlan.STOCK_PATIENCE : 1;
    return silentNanos > timeoutNanos * patience;
  }
}
