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

/** What a run of changes did, object by object, in order. An object may occur more than once. */
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
