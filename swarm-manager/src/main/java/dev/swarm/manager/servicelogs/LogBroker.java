package dev.swarm.manager.servicelogs;

import dev.swarm.core.model.NodeId;
import dev.swarm.core.plan.Rejection;
import dev.swarm.core.port.Cancellable;
import dev.swarm.core.port.EventLoop;
import dev.swarm.core.port.IdSource;
import dev.swarm.core.port.StreamReceiver;
import dev.swarm.core.store.Delta;
import dev.swarm.core.store.Snapshot;
import dev.swarm.manager.loop.CommitListener;
import docker.swarmkit.v1.LogSelector;
import docker.swarmkit.v1.LogSubscriptionOptions;
import docker.swarmkit.v1.SubscriptionMessage;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Collects the logs of tasks for clients: asks the agents that have them, and passes on what they
 * publish as fast as the client reads. Its methods may be called from any thread; receivers are
 * called on the loop, which no one else should keep busy. gRPC is one way in, an in-JVM link
 * another.
 */
public final class LogBroker implements CommitListener {
  private static final int SUBSCRIPTIONS_MAX = 256;

  private final EventLoop loop;
  private final Supplier<Snapshot> snapshots;
  private final SubscriptionRegistry registry;

  public LogBroker(EventLoop loop, IdSource ids, Supplier<Snapshot> snapshots) {
    this.loop = loop;
    this.snapshots = snapshots;
    registry = new SubscriptionRegistry(ids, snapshots);
  }

  /** Tells {@code receiver} what {@code node} is asked for, until cancelled or replaced. */
  public Cancellable listen(NodeId node, StreamReceiver<SubscriptionMessage> receiver) {
    loop.execute(() -> registry.listen(node, receiver));
    return () -> loop.execute(() -> registry.unlisten(node, receiver));
  }

  /**
   * Opens one {@code PublishLogs} call of {@code node}.
   *
   * @param changed run on the loop whenever the publication got ready for another message, or ended
   */
  public Publication publish(NodeId node, Runnable changed) {
    return new Publication(loop, registry, node, changed);
  }

  /**
   * Streams the logs of the selected services, tasks and nodes to {@code reader}: those that are
   * there, and with {@code follow} those to come, also of tasks and nodes that join later.
   *
   * @throws Rejection.RejectedException if something selected does not exist, or there are too many
   *     streams already
   */
  public LogSubscription subscribe(
      LogSelector selector, LogSubscriptionOptions options, ServiceLogReader reader)
      throws Rejection.RejectedException {
    Optional<Rejection> wrong = Selectors.check(selector, snapshots.get());
    if (wrong.isPresent()) {
      throw new Rejection.RejectedException(wrong.get());
    }
    if (registry.subscribed.incrementAndGet() > SUBSCRIPTIONS_MAX) {
      registry.subscribed.decrementAndGet();
      throw new Rejection.RejectedException(
          new Rejection(
              Rejection.Kind.UNAVAILABLE,
              "%d log streams are open already: close one".formatted(SUBSCRIPTIONS_MAX)));
    }
    Subscription subscription = new Subscription(selector, options, reader);
    loop.execute(() -> registry.open(subscription));
    return new Handle(subscription);
  }

  private final class Handle implements LogSubscription {
    private final Subscription subscription;

    Handle(Subscription subscription) {
      this.subscription = subscription;
    }

    @Override
    public void resume() {
      loop.execute(subscription::drain);
    }

    @Override
    public void cancel() {
      loop.execute(
          () -> {
            subscription.abandon();
            registry.close(subscription);
          });
    }
  }

  /** Tasks of followed services join, lost nodes are given up. */
  @Override
  public void committed(Snapshot snapshot, List<Delta> deltas) {
    deltas.forEach(this::committed);
  }

  @Override
  public void leading(boolean leads) {
    if (!leads) {
      stop("this manager no longer leads");
    }
  }

  public void committed(Delta delta) {
    if (registry.subscribed.get() > 0 && !(delta.tasks().isEmpty() && delta.nodes().isEmpty())) {
      loop.execute(() -> registry.committed(delta));
    }
  }

  /** Ends every stream, for instance because this manager no longer leads. */
  public void stop(String cause) {
    loop.execute(() -> registry.closeAll(cause));
  }
}
