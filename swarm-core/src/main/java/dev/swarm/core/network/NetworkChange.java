package dev.swarm.core.network;

import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.store.Table;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Change of one network's state. Each object is given as it is now; an absent one is gone. */
public record NetworkChange(
    Optional<NetworkShape> shape,
    SortedMap<TaskId, Optional<NetworkEndpoint>> endpoints,
    SortedMap<ServiceId, Optional<NetworkService>> services,
    SortedMap<NodeId, Optional<NetworkNode>> nodes) {
  public static final NetworkChange NONE =
      new NetworkChange(Optional.empty(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>());

  public NetworkChange {
    endpoints = Collections.unmodifiableSortedMap(endpoints);
    services = Collections.unmodifiableSortedMap(services);
    nodes = Collections.unmodifiableSortedMap(nodes);
  }

  /** What makes {@code later} of {@code earlier}, and nothing that is the same in both. */
  public static NetworkChange between(NetworkState earlier, NetworkState later) {
    return new NetworkChange(
        earlier.shape().equals(later.shape()) ? Optional.empty() : Optional.of(later.shape()),
        between(earlier.endpoints(), later.endpoints()),
        between(earlier.services(), later.services()),
        between(earlier.nodes(), later.nodes()));
  }

  private static <K extends Comparable<K>, V> SortedMap<K, Optional<V>> between(
      Table<K, V> earlier, Table<K, V> later) {
    SortedMap<K, Optional<V>> changed = new TreeMap<>();
    if (earlier == later) {
      return changed;
    }
    for (Map.Entry<K, V> entry : later.entries()) {
      if (!entry.getValue().equals(earlier.get(entry.getKey()))) {
        changed.put(entry.getKey(), Optional.of(entry.getValue()));
      }
    }
    for (K key : earlier.keys()) {
      if (!later.contains(key)) {
        changed.put(key, Optional.empty());
      }
    }
    return changed;
  }

  /** One change that does what this one and then {@code later} do. */
  public NetworkChange then(NetworkChange later) {
    return new NetworkChange(
        later.shape.or(() -> shape),
        merged(endpoints, later.endpoints),
        merged(services, later.services),
        merged(nodes, later.nodes));
  }

  private static <K, V> SortedMap<K, V> merged(SortedMap<K, V> first, SortedMap<K, V> second) {
    SortedMap<K, V> both = new TreeMap<>(first);
    both.putAll(second);
    return both;
  }

  public boolean isEmpty() {
    return shape.isEmpty() && size() == 0;
  }

  /** How many objects it names. */
  public int size() {
    return endpoints.size() + services.size() + nodes.size();
  }
}
