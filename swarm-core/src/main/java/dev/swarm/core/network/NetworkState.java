package dev.swarm.core.network;

import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.store.Table;
import java.util.Map;
import java.util.Optional;

/** State of one network, the same for every node on it. */
public record NetworkState(
    NetworkShape shape,
    Table<TaskId, NetworkEndpoint> endpoints,
    Table<ServiceId, NetworkService> services,
    Table<NodeId, NetworkNode> nodes) {

  /** A network that nobody is on. */
  public static NetworkState of(NetworkShape shape) {
    return new NetworkState(shape, Table.empty(), Table.empty(), Table.empty());
  }

  /** The state after {@code change}. */
  public NetworkState apply(NetworkChange change) {
    return new NetworkState(
        change.shape().orElse(shape),
        edited(endpoints, change.endpoints()),
        edited(services, change.services()),
        edited(nodes, change.nodes()));
  }

  private static <K, V> Table<K, V> edited(Table<K, V> table, Map<K, Optional<V>> changes) {
    Table.Builder<K, V> edit = table.edit();
    changes.forEach(
        (key, value) ->
            value.ifPresentOrElse(present -> edit.put(key, present), () -> drop(edit, key)));
    return edit.build();
  }

  private static <K> void drop(Table.Builder<K, ?> edit, K key) {
    if (edit.contains(key)) {
      edit.remove(key);
    }
  }

  /** Whether both say the same, however they came about. */
  public boolean saysTheSameAs(NetworkState other) {
    return NetworkChange.between(this, other).isEmpty();
  }
}
