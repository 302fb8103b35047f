package dev.swarm.manager.dispatcher;

import dev.swarm.core.model.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/**
 * Finds agents that have been silent for too long. Silence counts only while this manager was awake
 * to hear: a late check counts as much of it as one in time; after a pause of its own every agent
 * gets a whole timeout, and after one that agents may have noticed, the time to register again.
 */
final class Liveness {
  static final Duration LOOK_EVERY = Duration.ofMillis(100);

  /** Agents look for a manager anew within this time: longer than any agent's back-off (8 s). */
  static final Duration REGISTER_WITHIN = Duration.ofSeconds(12);

  private Liveness() {}

  /**
   * One look at all sessions.
   *
   * @param suspect is told of a stock engine that has become silent and may be probed
   * @return the nodes to be declared down
   */
  static List<NodeId> silent(
      Collection<AgentSession> sessions,
      HeartbeatPlan plan,
      PauseDetector.Passed passed,
      Consumer<AgentSession> suspect) {
    List<NodeId> down = new ArrayList<>();
    for (AgentSession session : sessions) {
      Duration timeout = session.isOurAgent ? plan.timeout() : plan.stockTimeout();
      Duration silence =
          passed.paused()
              ? session.silent(forgiven(timeout, passed.pause()))
              : session.stillSilent(passed.counted());
      if (session.isOurAgent
          ? silence.compareTo(timeout) > 0
          : isDown(session, timeout, silence, suspect)) {
        down.add(session.node);
      }
    }
    return down;
  }

  /** How long everybody counts as silent after a pause: not at all, or less than that. */
  private static Duration forgiven(Duration timeout, Duration pause) {
    boolean noticed = pause.compareTo(timeout) > 0 && timeout.compareTo(REGISTER_WITHIN) < 0;
    return noticed ? timeout.minus(REGISTER_WITHIN) : Duration.ZERO;
  }

  private static boolean isDown(
      AgentSession session, Duration timeout, Duration silence, Consumer<AgentSession> suspect) {
    boolean suspected = silence.compareTo(timeout.dividedBy(2)) > 0;
    if (session.suspected(suspected)) {
      suspect.accept(session);
    }
    long patience = session.hostAnswers() ? HeartbeatPlan.STOCK_PATIENCE : 1;
    return silence.compareTo(timeout.multipliedBy(patience)) > 0;
  }
}
