package dev.swarm.manager.api;

import dev.swarm.core.model.Network;
import dev.swarm.core.store.Delta;
import dev.swarm.core.store.Delta.Changed;
import dev.swarm.core.wire.ToWire;
import docker.swarmkit.v1.Cluster;
import docker.swarmkit.v1.Object;
import docker.swarmkit.v1.Secret;
import docker.swarmkit.v1.WatchActionKind;
import docker.swarmkit.v1.WatchMessage.Event;
import docker.swarmkit.v1.WatchRequest.WatchEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/** Filter of a watch: any of its entries lets a change through. */
final class WatchFilter {
  private static final int ENTRIES_MAX = 100;
  private static final Set<String> KINDS =
      Set.of("node", "service", "task", "network", "cluster", "secret", "config");

  /** Kinds of which this cluster has no objects, so that nothing is ever told. */
  private static final Set<String> VACANT = Set.of("volume", "extension");

  private static final int ACTIONS =
      WatchActionKind.WATCH_ACTION_CREATE_VALUE
          | WatchActionKind.WATCH_ACTION_UPDATE_VALUE
          | WatchActionKind.WATCH_ACTION_REMOVE_VALUE;

  /**
   * @param actions bits
   * @param selectors all of them must hold
   */
  private record Entry(String kind, int actions, List<WatchSelector> selectors) {
    boolean admits(int action, Event event) {
      return (actions & action) != 0
          && selectors.stream().allMatch(selector -> selector.holds(event.getObject()));
    }
  }

  private final List<Entry> entries;

  private WatchFilter(List<Entry> entries) {
    this.entries = List.copyOf(entries);
  }

  /**
   * @throws IllegalArgumentException in a sentence for the client
   */
  static WatchFilter parse(List<WatchEntry> wire) {
    if (wire.size() > ENTRIES_MAX) {
      throw new IllegalArgumentException("more than " + ENTRIES_MAX + " watch entries");
    }
    return new WatchFilter(wire.stream().map(WatchFilter::entry).toList());
  }

  private static Entry entry(WatchEntry wire) {
    if (wire.getKind().isEmpty()) {
      throw new IllegalArgumentException("no kind of object specified");
    }
    if (!KINDS.contains(wire.getKind()) && !VACANT.contains(wire.getKind())) {
      throw new IllegalArgumentException("unknown kind of object \"" + wire.getKind() + "\"");
    }
    if ((wire.getActionValue() & ACTIONS) == 0) {
      throw new IllegalArgumentException("unrecognized watch action");
    }
    return new Entry(
        wire.getKind(),
        wire.getActionValue(),
        wire.getFiltersList().stream()
            .map(filter -> WatchSelector.parse(wire.getKind(), filter))
            .toList());
  }

  /**
   * Passes the changes of {@code delta} on that are wanted, as the wire has them.
   *
   * @param networks by id, which nodes and tasks show in full
   */
  void select(
      Delta delta,
      Function<String, Optional<Network>> networks,
      boolean withOld,
      Consumer<Event> to) {
    each("cluster", delta.clusters(), c -> wire(ToWire.cluster(c)), withOld, to);
    each("node", delta.nodes(), n -> object().setNode(ToWire.node(n, networks)), withOld, to);
    each("service", delta.services(), s -> object().setService(ToWire.service(s)), withOld, to);
    each("task", delta.tasks(), t -> object().setTask(ToWire.task(t, networks)), withOld, to);
    each("network", delta.networks(), n -> object().setNetwork(ToWire.network(n)), withOld, to);
    each("secret", delta.secrets(), s -> wire(ToWire.secret(s)), withOld, to);
    each("config", delta.configs(), c -> object().setConfig(ToWire.config(c)), withOld, to);
  }

  private static Object.Builder object() {
    return Object.newBuilder();
  }

  /** Nobody who watches needs the keys. */
  private static Object.Builder wire(Cluster cluster) {
    Cluster.Builder open = cluster.toBuilder();
    open.getRootCaBuilder().clearCaKey();
    if (open.getRootCa().hasRootRotation()) {
      open.getRootCaBuilder().getRootRotationBuilder().clearCaKey();
    }
    open.getSpecBuilder().getCaConfigBuilder().clearSigningCaKey();
    open.clearNetworkBootstrapKeys().clearUnlockKeys();
    return object().setCluster(open);
  }

  private static Object.Builder wire(Secret secret) {
    Secret.Builder open = secret.toBuilder();
    open.getSpecBuilder().clearData();
    return object().setSecret(open);
  }

  private <T> void each(
      String kind,
      List<Changed<T>> changes,
      Function<T, Object.Builder> toWire,
      boolean withOld,
      Consumer<Event> to) {
    List<Entry> wanted = new ArrayList<>();
    entries.stream().filter(entry -> entry.kind().equals(kind)).forEach(wanted::add);
    if (wanted.isEmpty()) {
      return;
    }
    for (Changed<T> change : changes) {
      WatchActionKind action = action(change);
      Event.Builder event =
          Event.newBuilder().setAction(action).setObject(toWire.apply(change.latest()));
      if (withOld && action == WatchActionKind.WATCH_ACTION_UPDATE) {
        change.before().map(toWire).ifPresent(event::setOldObject);
      }
      Event built = event.build();
      if (wanted.stream().anyMatch(entry -> entry.admits(action.getNumber(), built))) {
        to.accept(built);
      }
    }
  }

  private static WatchActionKind action(Changed<?> change) {
    if (change.after().isEmpty()) {
      return WatchActionKind.WATCH_ACTION_REMOVE;
    }
    return change.before().isEmpty()
        ? WatchActionKind.WATCH_ACTION_CREATE
        : WatchActionKind.WATCH_ACTION_UPDATE;
  }
}
