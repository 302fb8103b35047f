package dev.swarm.manager.dispatcher;

import dev.swarm.core.model.Node;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.port.AgentLink;
import dev.swarm.core.port.StreamReceiver;
import dev.swarm.core.store.Snapshot;
import dev.swarm.manager.loop.ControlLoop;
import docker.swarmkit.v1.AssignmentsMessage;
import docker.swarmkit.v1.SessionMessage;
import docker.swarmkit.v1.WeightedPeer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends agents their session messages and assignments. On the dispatcher's event loop. */
final class AgentTeller {
  private static final Logger LOG = LoggerFactory.getLogger(AgentTeller.class);
  private static final String OURS = "a fault in the manager; see its log";

  private final ControlLoop control;
  private final AgentSessions sessions;
  private final Supplier<List<WeightedPeer>> managers;

  /**
   * @param managers the addresses agents may connect to
   */
  AgentTeller(ControlLoop control, AgentSessions sessions, Supplier<List<WeightedPeer>> managers) {
    this.control = control;
    this.sessions = sessions;
    this.managers = managers;
  }

  /** Says so to everybody for whom it is new. */
  void sendSessions() {
    new ArrayList<>(sessions.all()).forEach(session -> sendSession(session, false));
  }

  /** Says where managers are, and what the node itself is to know. */
  void sendSession(AgentSession session, boolean always) {
    tell(session, () -> buildSession(session, always));
  }

  /** Whoever cannot be told something, by a fault of ours, registers again; the others go on. */
  void tell(AgentSession session, Runnable what) {
    try {
      what.run();
    } catch (RuntimeException | Error fault) {
      sessions.drop(session, OURS);
      control
          .faults()
          .contain(
              "node " + session.node + " could not be sent its messages, and registers again",
              fault);
    }
  }

  private void buildSession(AgentSession session, boolean always) {
    Snapshot snapshot = control.snapshot();
    Node node = snapshot.nodes().get(session.node);
    if (node == null) {
      sessions.drop(session, AgentLink.UNKNOWN_NODE);
      return;
    }
    if (!node.isReady()) {
      // Declared down or unknown while it registered: only another registration makes it ready.
      sessions.drop(session, "node must disconnect");
      return;
    }
    SessionMessage built =
        SessionMessages.of(snapshot, node, session.id, managers.get(), session.advertisesPeers);
    if (!always && SessionMessages.sameForAgent(session.lastSent, built)) {
      return;
    }
    var problem = WireGuard.problem(built);
    if (problem.isPresent()) {
      LOG.error(
          "a session message for node {} is not sent, because it would harm the node's engine: {}",
          session.node,
          problem.get());
      sessions.drop(session, "this manager cannot make a valid session message: " + problem.get());
      return;
    }
    session.lastSent = built;
    session.messages.next(built);
  }

  /** Says what changed of its tasks. */
  void sendAssignments(AgentSession session, Snapshot snapshot, Set<TaskId> tasks) {
    tell(session, () -> buildAssignments(session, snapshot, tasks));
  }

  private static void buildAssignments(AgentSession session, Snapshot snapshot, Set<TaskId> tasks) {
    SentAssignments set = session.assigned();
    StreamReceiver<AssignmentsMessage> receiver = session.assignments();
    if (set != null && receiver != null) {
      set.incremental(snapshot, tasks).ifPresent(receiver::next);
    }
  }
}
