package dev.swarm.manager.logs;

import dev.swarm.core.model.NodeId;
import dev.swarm.core.plan.Rejection;
import dev.swarm.core.port.AgentLink;
import docker.swarmkit.v1.PublishLogsMessage;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The receiving end of one {@code PublishLogs} call. A sender that only sends while {@link #ready}
 * never has more than one message under way; one that floods is refused.
 */
public final class Publication implements AgentLink.LogPublication {
  private static final int UNDER_WAY_MAX = 64;

  final NodeId node;
  private final LogBroker broker;
  private final Runnable changed;
  private final AtomicInteger underWay = new AtomicInteger();
  private volatile boolean paused;
  private volatile boolean ended;
  private volatile Optional<Rejection> refusal = Optional.empty();

  /** What it publishes for; known from its first message on, and touched on the loop only. */
  @Nullable Stint stint;

  /** The id that it answers to; its stint may have another one by now. On the loop only. */
  String id = "";

  Publication(LogBroker broker, NodeId node, Runnable changed) {
    this.broker = broker;
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
      broker.flooded(this);
      return;
    }
    broker.published(this, message);
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
    broker.completed(this, Optional.empty());
  }

  /** The connection of the sender is lost. */
  public void abort() {
    broker.completed(this, Optional.of("node " + node + " disconnected unexpectedly"));
  }

  /** On the loop: one message has been dealt with. */
  void taken(boolean pause) {
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

  /** On the loop. */
  void end(Optional<Rejection> why) {
    if (!ended) {
      refusal = why;
      ended = true;
      changed.run();
    }
  }
}
