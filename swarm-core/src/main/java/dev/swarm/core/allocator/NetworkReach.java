package dev.swarm.core.allocator;

import dev.swarm.core.model.Network;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.store.Snapshot;
import java.util.List;
import java.util.Optional;

/**
 * Restricts the tasks on networks that span nodes to nodes from which they reach each other. Stock
 * engines carry such networks from one to the other. A node that carries them alone reaches no
 * other: for as long as it has a task on a network, the network's other tasks must go there too.
 */
public sealed interface NetworkReach {
  /** The nodes that reach each other. */
  record BetweenNodes() implements NetworkReach {}

  /** Any node that carries networks alone; the first task to go there decides for all. */
  record WithinAny() implements NetworkReach {}

  /** The node that has tasks on the networks already. */
  record Within(NodeId node) implements NetworkReach {}

  /** None: two nodes have tasks on the networks, and neither reaches the other. */
  record Torn() implements NetworkReach {}

  /**
   * As things are. Services' tasks come before the containers of a node's own user: of a node that
   * is down or drained those do not keep a network there.
   */
  static NetworkReach of(Snapshot snapshot, List<Network> networks) {
    // Also one that has not come back yet to a new leader: its tasks are not to start elsewhere.
    boolean between =
        snapshot.nodes().stream().anyMatch(node -> !node.isDown() && node.carriesOverlays());
    Optional<NodeId> home = Optional.empty();
    for (Network network : networks) {
      for (NodeId holder : snapshot.addressesOf(network.id()).holders().keys()) {
        Node node = snapshot.nodes().get(holder);
        if (node == null
            || ((node.isDown() || node.isDrained())
                && !hasServiceTask(snapshot, holder, network.id()))) {
          continue;
        }
        if (!node.carriesOverlaysAlone()) {
          between = true;
        } else if (home.isPresent() && !home.get().equals(holder)) {
          return new Torn();
        } else {
          home = Optional.of(holder);
        }
      }
    }
    if (home.isPresent()) {
      return new Within(home.get());
    }
    return between ? new BetweenNodes() : new WithinAny();
  }

  private static boolean hasServiceTask(Snapshot snapshot, NodeId node, String network) {
    return snapshot.tasksOn(node).tasks().keys().stream()
        .map(snapshot.tasks()::get)
        .anyMatch(
            task ->
                task != null
                    && !task.serviceId().isNone()
                    && task.bindsNetworks()
                    && task.networks().stream().anyMatch(at -> at.network().equals(network)));
  }

  default boolean includes(Node node) {
    return switch (this) {
      case BetweenNodes _ -> node.carriesOverlays();
      case WithinAny _ -> node.carriesOverlaysAlone();
      case Within within -> node.id().equals(within.node());
      case Torn _ -> false;
    };
  }

  /** Whether the next task decides where those after it can go. */
  default boolean isOpen() {
    return this instanceof WithinAny;
  }
}
