package dev.swarm.manager.servicelogs;

import dev.swarm.core.model.NodeId;
import dev.swarm.core.plan.Rejection;
import dev.swarm.core.plan.Rejection.Kind;
import dev.swarm.core.port.AgentLink;
import dev.swarm.core.port.EventLoop;
import docker.swarmkit.v1.LogMessage;
import docker.swarmkit.v1.PublishLogsMessage;
import docker.swarmkit.v1.SubscribeLogsMessage;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The receiving end of one {@code PublishLogs} call. A sender that only sends while {@link #ready}
 * never has more than one message under way; one that floods is refused. Safe for many threads.
 */
public final class Publication implements AgentLink.LogPublication {
  private static final int UNDER_WAY_MAX = 64;
  private static final Rejection OVER = Rejection.notFound("the subscription is over");

  private final EventLoop loop;
  private final SubscriptionRegistry registry;
  private final NodeId node;
  private final Runnable changed;
  private final AtomicInteger underWay = new AtomicInteger();
  private volatile boolean paused;
  private volatile boolean ended;
  private volatile Optional<Rejection> refusal = Optional.empty();

  // On the loop only: what it publishes for, under which id; known from its first message on.
  private Optional<NodeSubscription> part = Optional.empty();
  private String id = "";

  Publication(EventLoop loop, SubscriptionRegistry registry, NodeId node, Runnable changed) {
    this.loop = loop;
    this.registry = registry;
    this.node = node;
    this.changed = changed;
  }

  @Override
  public boolean ready() {
    return !ended && !paused && underWay.get() == 0;
  }

  @Override
  public void send(PublishLogsMessage message) {
    if (ended) {
      return;
    }
    if (underWay.incrementAndGet() > UNDER_WAY_MAX) {
      loop.execute(
          () -> refuse(new Rejection(Kind.UNAVAILABLE, "logs are sent faster than they are read")));
      return;
    }
    loop.execute(() -> taken(!ended && take(message)));
  }

  @Override
  public boolean ended() {
    return ended;
  }

  /** Why the manager ended the call; empty if in good order. */
  public Optional<Rejection> refusal() {
    return refusal;
  }

  @Override
  public void complete() {
    loop.execute(() -> finish(Optional.empty()));
  }

  /** The connection of the sender is lost. */
  public void abort() {
    loop.execute(() -> finish(Optional.of("node " + node + " disconnected unexpectedly")));
  }

  private void finish(Optional<String> problem) {
    if (!ended) {
      part.filter(s -> registry.isCurrent(id, s)).ifPresent(s -> registry.done(s, problem));
      end(Optional.empty());
    }
  }

  /** Whether the sender has to wait before it sends more. */
  private boolean take(PublishLogsMessage message) {
    String claimed = message.getSubscriptionId();
    if (claimed.isEmpty()) {
      return refuse(Rejection.invalid("missing subscription ID"));
    }
    if (part.isEmpty()) {
      part = registry.find(claimed).filter(s -> s.node.equals(node));
      id = claimed;
    }
    if (part.isEmpty()) {
      return refuse(Rejection.notFound("unknown subscription ID"));
    }
    if (!id.equals(claimed)) {
      return refuse(Rejection.invalid("different subscription IDs in the same session"));
    }
    NodeSubscription mine = part.get();
    if (!registry.isCurrent(id, mine)) {
      return refuse(OVER);
    }
    if (message.getClose()) {
      finish(Optional.empty());
      return false;
    }
    return take(mine, message);
  }

  private boolean take(NodeSubscription mine, PublishLogsMessage message) {
    for (LogMessage line : message.getMessagesList()) {
      if (!line.getContext().getNodeId().equals(node.value())) {
        registry.done(mine, Optional.of("node " + node + " published logs of another node"));
        return refuse(
            new Rejection(Kind.PERMISSION_DENIED, "a node cannot publish logs of another node"));
      }
      mine.saw(line);
    }
    Subscription subscription = mine.subscription;
    if (message.getMessagesCount() > 0
        && !subscription.offer(
            SubscribeLogsMessage.newBuilder().addAllMessages(message.getMessagesList()).build())) {
      registry.close(subscription);
      subscription.cutOff(
          "the log stream was cut off, because it is read too slowly: go on with --since "
              + mine.newest);
      return refuse(OVER);
    }
    if (subscription.isFull()) {
      subscription.pause(this);
      return true;
    }
    return false;
  }

  private void taken(boolean pause) {
    paused = pause;
    if (underWay.decrementAndGet() == 0 && !pause && !ended) {
      changed.run();
    }
  }

  /** On the loop: the client has read. */
  void wake() {
    if (paused) {
      paused = false;
      if (!ended && underWay.get() == 0) {
        changed.run();
      }
    }
  }

  private boolean refuse(Rejection why) {
    end(Optional.of(why));
    return false;
  }

  private void end(Optional<Rejection> why) {
    if (!ended) {
      refusal = why;
      ended = true;
      changed.run();
    }
  }
}
