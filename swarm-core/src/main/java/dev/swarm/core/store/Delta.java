package dev.swarm.core.store;

import dev.swarm.core.model.Cluster;
import dev.swarm.core.model.Config;
import dev.swarm.core.model.Network;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.Secret;
import dev.swarm.core.model.Service;
import dev.swarm.core.model.Task;
import java.util.List;
import java.util.Optional;

/** Effects of a run of changes, object by object, in order. An object may occur more than once. */
public record Delta(
    List<Changed<Cluster>> clusters,
    List<Changed<Node>> nodes,
    List<Changed<Service>> services,
    List<Changed<Task>> tasks,
    List<Changed<Network>> networks,
    List<Changed<Secret>> secrets,
    List<Changed<Config>> configs) {

  /** One object before and after; absent before means created, absent after means removed. */
  public record Changed<T>(Optional<T> before, Optional<T> after) {
    /** The object as it is, or as it last was. */
    public T latest() {
      return after.or(() -> before).orElseThrow();
    }
  }

  /** Whether something of the node changed that matters to tasks on it, or to come. */
  public static boolean concernsTasks(Changed<Node> changed) {
    if (changed.before().isEmpty() || changed.after().isEmpty()) {
      return true;
    }
    Node before = changed.before().get();
    Node after = changed.after().get();
    return before.status().state() != after.status().state()
        || before.role() != after.role()
        || !before.status().addr().equals(after.status().addr())
        || !before.spec().equals(after.spec())
        || !before.description().equals(after.description());
  }

  /** Whether the task no longer takes anything of its node, as it did before. */
  public static boolean leftItsNode(Changed<Task> changed) {
    return changed.before().filter(Task::occupiesNode).isPresent()
        && changed.after().filter(Task::occupiesNode).isEmpty();
  }

  public boolean isEmpty() {
    return clusters.isEmpty()
        && nodes.isEmpty()
        && services.isEmpty()
        && tasks.isEmpty()
        && networks.isEmpty()
        && secrets.isEmpty()
        && configs.isEmpty();
  }
}
