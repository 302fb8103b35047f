package dev.swarm.manager.servicelogs;

import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.Task;
import dev.swarm.core.port.IdSource;
import dev.swarm.core.port.StreamReceiver;
import dev.swarm.core.store.Delta;
import dev.swarm.core.store.Snapshot;
import docker.swarmkit.v1.SubscriptionMessage;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Registry of the clients that read logs, the agents that listen for subscriptions, and the nodes
 * that have been asked. For one loop only.
 */
final class SubscriptionRegistry {
  private final IdSource ids;
  private final Supplier<Snapshot> snapshots;
  private final Set<Subscription> subscriptions = new LinkedHashSet<>();
  private final Map<String, NodeSubscription> asked = new HashMap<>();
  private final Map<NodeId, StreamReceiver<SubscriptionMessage>> listeners = new HashMap<>();

  /** Subscriptions taken and not given back yet; for any thread. */
  final AtomicInteger subscribed = new AtomicInteger();

  SubscriptionRegistry(IdSource ids, Supplier<Snapshot> snapshots) {
    this.ids = ids;
    this.snapshots = snapshots;
  }

  // Clients.

  void open(Subscription subscription) {
    if (subscription.isOver()) {
      subscribed.decrementAndGet(); // cancelled before it was opened
      return;
    }
    for (NodeId node : subscription.match(snapshots.get())) {
      join(subscription, node);
    }
    subscriptions.add(subscription);
    endIfDone(subscription);
  }

  /** Asks no agent any more. */
  void close(Subscription subscription) {
    if (!subscriptions.remove(subscription)) {
      return;
    }
    subscribed.decrementAndGet();
    for (NodeSubscription part : subscription.parts.values()) {
      if (asked.remove(part.id, part)) {
        tell(part, part.close());
      }
    }
  }

  void closeAll(String cause) {
    for (Subscription subscription : List.copyOf(subscriptions)) {
      close(subscription);
      subscription.cutOff(cause);
    }
    List<StreamReceiver<SubscriptionMessage>> open = List.copyOf(listeners.values());
    listeners.clear();
    open.forEach(listener -> listener.closed(cause));
  }

  private void endIfDone(Subscription subscription) {
    boolean done =
        subscription.parts.values().stream().allMatch(s -> s.state == NodeSubscription.State.DONE);
    // While it is being opened, more nodes are to come.
    if (done && !subscription.isFollowing() && subscriptions.contains(subscription)) {
      close(subscription);
      subscription.end();
    }
  }

  // Nodes.

  void listen(NodeId node, StreamReceiver<SubscriptionMessage> receiver) {
    StreamReceiver<SubscriptionMessage> old = listeners.put(node, receiver);
    if (old != null) {
      lost(node);
      old.closed("node " + node + " listens on a newer connection");
    }
    partsOf(node).filter(part -> part.subscription.isFollowing()).forEach(this::ask);
  }

  void unlisten(NodeId node, StreamReceiver<SubscriptionMessage> receiver) {
    if (listeners.remove(node, receiver)) {
      lost(node);
    }
  }

  private void lost(NodeId node) {
    Optional<String> problem = Optional.of("node " + node + " disconnected unexpectedly");
    partsOf(node).filter(part -> isCurrent(part.id, part)).forEach(s -> done(s, problem));
  }

  private void join(Subscription subscription, NodeId node) {
    if (!subscription.parts.containsKey(node)) {
      NodeSubscription part = new NodeSubscription(subscription, node);
      subscription.parts.put(node, part);
      ask(part);
    }
  }

  private void ask(NodeSubscription part) {
    boolean down = snapshots.get().nodes().find(part.node).map(Node::isDown).orElse(true);
    if (down || !listeners.containsKey(part.node)) {
      unavailable(part);
      return;
    }
    if (!part.id.isEmpty()) {
      tell(part, part.close()); // the agent may still be at work for an earlier connection
    }
    part.id = ids.next();
    part.state = NodeSubscription.State.ASKED;
    asked.put(part.id, part);
    tell(part, part.ask());
  }

  private void tell(NodeSubscription part, SubscriptionMessage message) {
    StreamReceiver<SubscriptionMessage> listener = listeners.get(part.node);
    if (listener != null) {
      listener.next(message);
    }
  }

  private void unavailable(NodeSubscription part) {
    String problem = "node " + part.node + " is not available";
    if (part.subscription.isFollowing()) {
      part.subscription.problem(problem); // it may come back
    } else {
      done(part, Optional.of(problem));
    }
  }

  // Publications.

  Optional<NodeSubscription> find(String id) {
    return Optional.ofNullable(asked.get(id));
  }

  /** Whether a node still is to answer under that id. */
  boolean isCurrent(String id, NodeSubscription part) {
    return asked.get(id) == part;
  }

  /** The node has sent everything, or something went wrong with it. */
  void done(NodeSubscription part, Optional<String> problem) {
    asked.remove(part.id, part);
    part.state = NodeSubscription.State.DONE;
    problem.ifPresent(part.subscription::problem);
    endIfDone(part.subscription);
  }

  // The cluster.

  void committed(Delta delta) {
    delta.tasks().forEach(this::taskChanged);
    delta.nodes().forEach(this::nodeChanged);
  }

  private void taskChanged(Delta.Changed<Task> changed) {
    Task task = changed.latest();
    boolean sameNode =
        changed.before().map(before -> before.node().equals(task.node())).orElse(false);
    if (sameNode && !task.node().isNone()) {
      return;
    }
    for (Subscription subscription : List.copyOf(subscriptions)) {
      if (subscription.isFollowing() && subscription.selects(task)) {
        if (changed.after().isEmpty()) {
          subscription.forget(task);
        } else {
          subscription.place(task).ifPresent(node -> join(subscription, node));
        }
      }
    }
  }

  private void nodeChanged(Delta.Changed<Node> changed) {
    boolean up = changed.after().map(node -> !node.isDown()).orElse(false);
    boolean wasUp = changed.before().map(node -> !node.isDown()).orElse(false);
    Stream<NodeSubscription> parts = up == wasUp ? Stream.empty() : partsOf(changed.latest().id());
    if (up) {
      parts
          .filter(
              part -> part.subscription.isFollowing() && part.state != NodeSubscription.State.ASKED)
          .forEach(this::ask);
    } else {
      parts.filter(part -> part.state == NodeSubscription.State.ASKED).forEach(this::unavailable);
    }
  }

  private Stream<NodeSubscription> partsOf(NodeId node) {
    return List.copyOf(subscriptions).stream()
        .flatMap(subscription -> Optional.ofNullable(subscription.parts.get(node)).stream());
  }
}
