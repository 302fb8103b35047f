package dev.swarm.manager.dispatcher;

import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.store.Delta;
import dev.swarm.core.store.Delta.Changed;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Changes that agents have not been told yet. Noted on the log's thread, taken on the dispatcher's.
 */
final class ChangesForAgents {
  private final AgentSessions sessions;
  private Map<NodeId, Set<TaskId>> tasks = new HashMap<>(); // under this
  private Set<NodeId> nodes = new TreeSet<>(); // under this
  private boolean cluster; // under this

  /**
   * @param sessions nodes without one are told everything when they come
   */
  ChangesForAgents(AgentSessions sessions) {
    this.sessions = sessions;
  }

  /**
   * What has changed since it was last taken.
   *
   * @param cluster whether everybody's session is concerned
   */
  record Changes(Map<NodeId, Set<TaskId>> tasks, Set<NodeId> nodes, boolean cluster) {}

  /** Says whether there is something to tell. */
  synchronized boolean note(List<Delta> deltas) {
    boolean any = false;
    for (Delta delta : deltas) {
      for (Changed<Task> changed : delta.tasks()) {
        NodeId node = changed.latest().node();
        if (!node.isNone() && sessions.contains(node)) {
          tasks.computeIfAbsent(node, n -> new TreeSet<>()).add(changed.latest().id());
          any = true;
        }
      }
      for (Changed<Node> changed : delta.nodes()) {
        nodes.add(changed.latest().id());
        any = true;
      }
      cluster |= !delta.clusters().isEmpty();
      any |= cluster;
    }
    return any;
  }

  synchronized Changes take() {
    Changes taken = new Changes(tasks, nodes, cluster);
    tasks = new HashMap<>();
    nodes = new TreeSet<>();
    cluster = false;
    return taken;
  }
}
