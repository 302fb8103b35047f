package dev.swarm.manager.dispatcher;

import dev.swarm.core.model.NodeId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The agents' sessions, one a node. Safe for many threads. */
final class AgentSessions {
  private final Map<NodeId, AgentSession> open = new ConcurrentHashMap<>();

  @Nullable AgentSession get(NodeId node) {
    return open.get(node);
  }

  /** The node's session, if it is the one of that id. */
  @Nullable AgentSession get(NodeId node, String id) {
    AgentSession session = open.get(node);
    return session != null && session.id.equals(id) ? session : null;
  }

  boolean contains(NodeId node) {
    return open.containsKey(node);
  }

  Collection<AgentSession> all() {
    return open.values();
  }

  /** Takes a session in, and ends the one that the node had. */
  void open(AgentSession session) {
    AgentSession before = open.put(session.node, session);
    if (before != null) {
      before.close("the node opened another session");
    }
  }

  void drop(AgentSession session, String why) {
    open.remove(session.node, session);
    session.close(why);
  }

  void drop(NodeId node, String why) {
    AgentSession session = open.remove(node);
    if (session != null) {
      session.close(why);
    }
  }

  void closeAll(String why) {
    List<AgentSession> ended = new ArrayList<>(open.values());
    open.clear();
    ended.forEach(session -> session.close(why));
  }
}
