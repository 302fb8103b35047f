package dev.swarm.manager.servicelogs;

import dev.swarm.core.model.NodeId;
import dev.swarm.core.spec.Durations;
import docker.swarmkit.v1.LogMessage;
import docker.swarmkit.v1.LogSubscriptionOptions;
import docker.swarmkit.v1.SubscriptionMessage;
import java.time.Instant;

/**
 * One node's part in a subscription. Each time the node is asked it gets a new id: an agent ignores
 * one that it knows, even from an earlier connection, and no node can guess another's.
 */
final class NodeSubscription {
  /** How far the node has come. */
  enum State {
    /** It cannot be asked. */
    AWAY,
    ASKED,
    DONE
  }

  final Subscription subscription;
  final NodeId node;
  State state = State.AWAY;
  String id = "";

  /** The newest log line it sent, or {@link Instant#MIN}. */
  Instant newest = Instant.MIN;

  NodeSubscription(Subscription subscription, NodeId node) {
    this.subscription = subscription;
    this.node = node;
  }

  void saw(LogMessage message) {
    Instant at = Durations.toJava(message.getTimestamp());
    if (at.isAfter(newest)) {
      newest = at;
    }
  }

  /** Asks for the logs, or after an interruption for what came since. */
  SubscriptionMessage ask() {
    LogSubscriptionOptions options = subscription.options;
    if (newest.isAfter(Instant.MIN)) {
      options =
          options.toBuilder().setSince(Durations.toWire(newest.plusNanos(1))).clearTail().build();
    }
    return message(options).build();
  }

  SubscriptionMessage close() {
    return message(subscription.options).setClose(true).build();
  }

  // Selector and options are in every message: stock agents read them without looking whether they
  // are.
  private SubscriptionMessage.Builder message(LogSubscriptionOptions options) {
    return SubscriptionMessage.newBuilder()
        .setId(id)
        .setSelector(subscription.selector)
        .setOptions(options);
  }
}
