package dev.swarm.manager.dispatcher;

import dev.swarm.core.model.NodeId;
import dev.swarm.core.port.StreamReceiver;
import docker.swarmkit.v1.AssignmentsMessage;
import docker.swarmkit.v1.SessionMessage;
import org.jspecify.annotations.Nullable;

/** One agent's session. Touched by the dispatcher's event loop only, except for its last beat. */
final class AgentSession {
  final NodeId node;
  final String id;
  final String addr;

  /** Whether the agent is of this project: it hedges its beats, so its silence means more. */
  final boolean hedges;

  final StreamReceiver<SessionMessage> messages;
  private volatile long lastBeatNanos;
  private volatile boolean open = true;
  private @Nullable AssignmentSet assigned;
  private @Nullable StreamReceiver<AssignmentsMessage> assignments;
  SessionMessage lastSent = SessionMessage.getDefaultInstance();

  /** Whether other workers are named to the agent, so that it finds them. */
  boolean introduces;

  /** Whether the host of a silent stock engine answered since its last beat. */
  private volatile boolean hostAnswers;

  private boolean suspect;

  AgentSession(
      NodeId node,
      String id,
      String addr,
      boolean hedges,
      StreamReceiver<SessionMessage> messages,
      long nowNanos) {
    this.node = node;
    this.id = id;
    this.addr = addr;
    this.hedges = hedges;
    this.messages = messages;
    lastBeatNanos = nowNanos;
  }

  /** From any thread. */
  void beat(long nowNanos) {
    lastBeatNanos = nowNanos;
    hostAnswers = false;
  }

  long lastBeatNanos() {
    return lastBeatNanos;
  }

  boolean isOpen() {
    return open;
  }

  /** Becomes suspect; says whether it was not before. */
  boolean suspected(boolean now) {
    boolean fresh = now && !suspect;
    suspect = now;
    return fresh;
  }

  void hostAnswered() {
    hostAnswers = true;
  }

  boolean hostAnswers() {
    return hostAnswers;
  }

  @Nullable AssignmentSet assigned() {
    return assigned;
  }

  @Nullable StreamReceiver<AssignmentsMessage> assignments() {
    return assignments;
  }

  /** Starts an assignments stream in place of whatever one there was. */
  void startAssignments(AssignmentSet set, StreamReceiver<AssignmentsMessage> receiver) {
    if (assignments != null && assignments != receiver) {
      assignments.closed("another assignments stream was opened");
    }
    assigned = set;
    assignments = receiver;
  }

  void stopAssignments(StreamReceiver<AssignmentsMessage> receiver) {
    if (assignments == receiver) {
      assignments = null;
      assigned = null;
    }
  }

  void close(String why) {
    if (!open) {
      return;
    }
    open = false;
    messages.closed(why);
    if (assignments != null) {
      assignments.closed(why);
      assignments = null;
      assigned = null;
    }
  }
}
