package dev.swarm.core.network;

import dev.swarm.core.model.Attachment;
import dev.swarm.core.model.Network;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.Service;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.store.Delta;
import dev.swarm.core.store.Snapshot;
import dev.swarm.core.store.Table;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The state of every network that spans nodes, as the managers' records have it. The next one is
 * made of what a step changed: its cost follows the change, not the networks.
 *
 * @param index of the log, up to which everything is in it
 * @param networks by their ids
 */
public record NetworkStates(long index, Table<String, NetworkState> networks) {
  public static final NetworkStates EMPTY = new NetworkStates(0, Table.empty());

  /**
   * What became of the networks in one step.
   *
   * @param changes of those that were there before and still are, where something differs
   */
  public record Step(NetworkStates states, SortedMap<String, NetworkChange> changes) {}

  /** All of a snapshot. Looks at every object. */
  public static NetworkStates of(Snapshot snapshot) {
    Touched touched = new Touched();
    touched.networks.addAll(snapshot.networks().keys());
    snapshot.services().values().forEach(service -> touched.service(snapshot, service));
    snapshot.nodes().values().forEach(node -> touched.node(snapshot, node));
    snapshot.tasks().values().forEach(touched::task);
    return EMPTY.after(snapshot, touched).states;
  }

  /** These states after the step that led to {@code snapshot}. */
  public Step after(Snapshot snapshot, Delta delta) {
    Touched touched = new Touched();
    delta.networks().forEach(changed -> touched.networks.add(changed.latest().id()));
    for (Delta.Changed<Service> changed : delta.services()) {
      changed.before().ifPresent(service -> touched.service(snapshot, service));
      changed.after().ifPresent(service -> touched.service(snapshot, service));
    }
    for (Delta.Changed<Node> changed : delta.nodes()) {
      changed.before().ifPresent(node -> touched.node(snapshot, node));
      changed.after().ifPresent(node -> touched.node(snapshot, node));
    }
    for (Delta.Changed<Task> changed : delta.tasks()) {
      changed.before().ifPresent(touched::task);
      changed.after().ifPresent(touched::task);
    }
    for (Delta.Changed<Network> changed : delta.networks()) {
      if (!networks.contains(changed.latest().id())) {
        touched.all(snapshot, changed.latest().id());
      }
    }
    return after(snapshot, touched);
  }

  private Step after(Snapshot snapshot, Touched touched) {
    Table.Builder<String, NetworkState> next = networks.edit();
    SortedMap<String, NetworkChange> changes = new TreeMap<>();
    for (String id : touched.networks) {
      Optional<NetworkShape> shape = snapshot.networks().find(id).flatMap(NetworkRecords::shape);
      NetworkState known = next.get(id);
      if (shape.isEmpty()) {
        if (known != null) {
          next.remove(id);
        }
        continue;
      }
      NetworkState before = known == null ? NetworkState.of(shape.get()) : known;
      NetworkChange change = change(snapshot, before, shape.get(), touched);
      if (known == null || !change.isEmpty()) {
        next.put(id, before.apply(change));
      }
      if (known != null && !change.isEmpty()) {
        changes.put(id, change);
      }
    }
    return new Step(new NetworkStates(snapshot.index(), next.build()), changes);
  }

  private static NetworkChange change(
      Snapshot snapshot, NetworkState before, NetworkShape shape, Touched touched) {
    String id = shape.id();
    return new NetworkChange(
        before.shape().equals(shape) ? Optional.empty() : Optional.of(shape),
        different(
            before.endpoints(),
            touched.tasks.getOrDefault(id, new TreeSet<>()),
            task -> NetworkRecords.endpoint(snapshot, id, task)),
        different(
            before.services(),
            touched.services.getOrDefault(id, new TreeSet<>()),
            service -> NetworkRecords.service(snapshot, shape, service)),
        different(
            before.nodes(),
            touched.nodes.getOrDefault(id, new TreeSet<>()),
            node -> NetworkRecords.node(snapshot, id, node)));
  }

  private static <K extends Comparable<K>, V> SortedMap<K, Optional<V>> different(
      Table<K, V> known, Collection<K> touched, Function<K, Optional<V>> now) {
    SortedMap<K, Optional<V>> changes = new TreeMap<>();
    for (K key : touched) {
      Optional<V> value = now.apply(key);
      if (!value.equals(known.find(key))) {
        changes.put(key, value);
      }
    }
    return changes;
  }

  /** What one node is to know: of the networks that it has a part in. */
  public NetworkView view(NodeId node, Collection<String> parts) {
    SortedMap<String, NetworkState> seen = new TreeMap<>();
    for (String id : parts) {
      networks
          .find(id)
          .filter(state -> state.nodes().contains(node))
          .ifPresent(state -> seen.put(id, state));
    }
    return new NetworkView(index, seen);
  }

  /** The networks that a node has a part in: by an address of its own, or by tasks. */
  public static SortedSet<String> partsOf(Snapshot snapshot, NodeId node) {
    SortedSet<String> ids = new TreeSet<>();
    snapshot
        .nodes()
        .find(node)
        .ifPresent(found -> found.networks().forEach(place -> ids.add(place.network())));
    for (TaskId id : snapshot.tasksOn(node).tasks().keys()) {
      snapshot
          .tasks()
          .find(id)
          .filter(Task::holdsAddresses)
          .ifPresent(task -> task.networks().forEach(place -> ids.add(place.network())));
    }
    return ids;
  }

  /** What is to be looked at again, by network. */
  private static final class Touched {
    final SortedSet<String> networks = new TreeSet<>();
    final Map<String, SortedSet<TaskId>> tasks = new TreeMap<>();
    final Map<String, SortedSet<ServiceId>> services = new TreeMap<>();
    final Map<String, SortedSet<NodeId>> nodes = new TreeMap<>();

    void task(Task task) {
      for (Attachment place : task.networks()) {
        add(tasks, place.network(), task.id());
        add(nodes, place.network(), task.node());
      }
    }

    void service(Snapshot snapshot, Service service) {
      for (String network : NetworkRecords.networksOf(snapshot, service)) {
        add(services, network, service.id());
      }
    }

    void node(Snapshot snapshot, Node node) {
      node.networks().forEach(place -> add(nodes, place.network(), node.id()));
      // Its address may be another one, wherever it has tasks.
      for (String network : partsOf(snapshot, node.id())) {
        add(nodes, network, node.id());
      }
    }

    /** Of a network that is new here: mostly nobody is on it yet. */
    void all(Snapshot snapshot, String network) {
      snapshot.services().values().forEach(service -> service(snapshot, service));
      for (Node node : snapshot.nodes().values()) {
        if (node.networks().stream().anyMatch(place -> place.network().equals(network))) {
          add(nodes, network, node.id());
        }
      }
      for (NodeId node : snapshot.addressesOf(network).present().keys()) {
        for (TaskId id : snapshot.tasksOn(node).tasks().keys()) {
          snapshot.tasks().find(id).ifPresent(this::task);
        }
      }
    }

    private <K extends Comparable<K>> void add(
        Map<String, SortedSet<K>> to, String network, K key) {
      networks.add(network);
      to.computeIfAbsent(network, _ -> new TreeSet<>()).add(key);
    }
  }
}
