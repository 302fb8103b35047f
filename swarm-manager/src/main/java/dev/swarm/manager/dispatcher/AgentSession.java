package dev.swarm.manager.dispatcher;

import dev.swarm.core.model.NodeId;
import dev.swarm.core.port.StreamReceiver;
import docker.swarmkit.v1.AssignmentsMessage;
import docker.swarmkit.v1.SessionMessage;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * Session of one agent. Touched by the dispatcher's event loop only, except for its last heartbeat.
 */
final class AgentSession {
  private static final AtomicLongFieldUpdater<AgentSession> BEATS =
      AtomicLongFieldUpdater.newUpdater(AgentSession.class, "beats");

  final NodeId node;
  final String id;
  final String addr;

  /** Whether the agent is of this project: it hedges its beats, so its silence means more. */
  final boolean isOurAgent;

  final StreamReceiver<SessionMessage> messages;
  private volatile long beats;
  private long beatsSeen;
  private Duration silence = Duration.ZERO;
  private volatile boolean open = true;
  private @Nullable SentAssignments assigned;
  private @Nullable StreamReceiver<AssignmentsMessage> assignments;
  SessionMessage lastSent = SessionMessage.getDefaultInstance();

  /** Whether other workers are named to the agent, so that it finds them. */
  boolean advertisesPeers;

  /** Whether the host of a silent stock engine answered since its last beat. */
  private volatile boolean hostAnswers;

  private boolean suspect;

  AgentSession(
      NodeId node,
      String id,
      String addr,
      boolean isOurAgent,
      StreamReceiver<SessionMessage> messages) {
    this.node = node;
    this.id = id;
    this.addr = addr;
    this.isOurAgent = isOurAgent;
    this.messages = messages;
  }

  /** From any thread. */
  void beat() {
    BEATS.incrementAndGet(this);
    hostAnswers = false;
  }

  /** How many beats were heard. From any thread. */
  long beats() {
    return beats;
  }

  /** Another look, for which {@code counted} is counted; how long it has been silent now. */
  Duration stillSilent(Duration counted) {
    return silent(beats == beatsSeen ? silence.plus(counted) : Duration.ZERO);
  }

  /** It counts as silent for so long, whatever was heard. */
  Duration silent(Duration now) {
    beatsSeen = beats;
    silence = now;
    return now;
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

  @Nullable SentAssignments assigned() {
    return assigned;
  }

  @Nullable StreamReceiver<AssignmentsMessage> assignments() {
    return assignments;
  }

  /** Starts an assignments stream in place of whatever one there was. */
  void startAssignments(SentAssignments set, StreamReceiver<AssignmentsMessage> receiver) {
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
