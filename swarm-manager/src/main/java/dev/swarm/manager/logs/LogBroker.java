package dev.swarm.manager.logs;

import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.Task;
import dev.swarm.core.plan.Rejection;
import dev.swarm.core.port.Cancellable;
import dev.swarm.core.port.EventLoop;
import dev.swarm.core.port.IdSource;
import dev.swarm.core.port.StreamReceiver;
import dev.swarm.core.store.Delta;
import dev.swarm.core.store.Snapshot;
import docker.swarmkit.v1.LogMessage;
import docker.swarmkit.v1.LogSelector;
import docker.swarmkit.v1.LogSubscriptionOptions;
import docker.swarmkit.v1.PublishLogsMessage;
import docker.swarmkit.v1.SubscribeLogsMessage;
import docker.swarmkit.v1.SubscriptionMessage;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Brings clients the logs of tasks: asks the agents that have them, and passes on what they publish
 * as fast as the client reads. Its methods may be called from any thread; receivers are called on
 * the loop, which no one else should keep busy. gRPC is one way in, an in-JVM link another.
 */
public final class LogBroker {
  private static final int SUBSCRIPTIONS_MAX = 256;

  private final EventLoop loop;
  private final IdSource ids;
  private final Supplier<Snapshot> snapshots;
  private final AtomicInteger subscribed = new AtomicInteger();

  // Touched on the loop only.
  private final Set<Subscription> subscriptions = new LinkedHashSet<>();
  private final Map<String, Stint> asked = new HashMap<>();
  private final Map<NodeId, StreamReceiver<SubscriptionMessage>> listeners = new HashMap<>();

  public LogBroker(EventLoop loop, IdSource ids, Supplier<Snapshot> snapshots) {
    this.loop = loop;
    this.ids = ids;
    this.snapshots = snapshots;
  }

  // ---- agents

  /** Tells {@code receiver} what {@code node} is asked for, until cancelled or replaced. */
  public Cancellable listen(NodeId node, StreamReceiver<SubscriptionMessage> receiver) {
    loop.execute(
        () -> {
          StreamReceiver<SubscriptionMessage> old = listeners.put(node, receiver);
          if (old != null) {
            lost(node);
            old.closed("node " + node + " listens on a newer connection");
          }
          stintsOf(node).filter(stint -> stint.subscription.isFollowing()).forEach(this::ask);
        });
    return () ->
        loop.execute(
            () -> {
              if (listeners.remove(node, receiver)) {
                lost(node);
              }
            });
  }

  /**
   * Opens one {@code PublishLogs} call of {@code node}.
   *
   * @param changed run on the loop whenever the publication got ready for another message, or ended
   */
  public Publication publish(NodeId node, Runnable changed) {
    return new Publication(this, node, changed);
  }

  void published(Publication publication, PublishLogsMessage message) {
    loop.execute(
        () -> {
          boolean pause = !publication.ended() && take(publication, message);
          publication.taken(pause);
        });
  }

  void flooded(Publication publication) {
    loop.execute(
        () ->
            refuse(
                publication,
                new Rejection(
                    Rejection.Kind.UNAVAILABLE, "logs are published faster than they are read")));
  }

  void completed(Publication publication, Optional<String> problem) {
    loop.execute(
        () -> {
          if (!publication.ended()) {
            Stint stint = publication.stint;
            if (stint != null && asked.get(publication.id) == stint) {
              done(stint, problem);
            }
            publication.end(Optional.empty());
          }
        });
  }

  /** Whether the publication has to wait before it sends more. */
  private boolean take(Publication publication, PublishLogsMessage message) {
    String id = message.getSubscriptionId();
    if (id.isEmpty()) {
      return refuse(publication, Rejection.invalid("missing subscription ID"));
    }
    Stint stint = publication.stint == null ? asked.get(id) : publication.stint;
    if (stint == null || !stint.node.equals(publication.node)) {
      return refuse(publication, Rejection.notFound("unknown subscription ID"));
    }
    if (publication.stint == null) {
      publication.stint = stint;
      publication.id = id;
    }
    if (!publication.id.equals(id)) {
      return refuse(
          publication, Rejection.invalid("different subscription IDs in the same session"));
    }
    if (asked.get(id) != stint) {
      return refuse(publication, Rejection.notFound("the subscription is over"));
    }
    if (message.getClose()) {
      done(stint, Optional.empty());
      publication.end(Optional.empty());
      return false;
    }
    for (LogMessage line : message.getMessagesList()) {
      if (!line.getContext().getNodeId().equals(stint.node.value())) {
        done(stint, Optional.of("node " + stint.node + " published logs of another node"));
        return refuse(
            publication,
            new Rejection(Rejection.Kind.PERMISSION_DENIED, "logs of another node are refused"));
      }
      stint.saw(line);
    }
    return deliver(publication, stint, message);
  }

  private boolean deliver(Publication publication, Stint stint, PublishLogsMessage message) {
    Subscription subscription = stint.subscription;
    if (message.getMessagesCount() == 0) {
      return false;
    }
    if (!subscription.offer(
        SubscribeLogsMessage.newBuilder().addAllMessages(message.getMessagesList()).build())) {
      cutOff(subscription, stint.newest);
      return refuse(publication, Rejection.notFound("the subscription is over"));
    }
    if (subscription.isFull()) {
      subscription.pause(publication);
      return true;
    }
    return false;
  }

  private static boolean refuse(Publication publication, Rejection why) {
    publication.end(Optional.of(why));
    return false;
  }

  private boolean isAsked(Stint stint) {
    return asked.get(stint.id) == stint;
  }

  // ---- clients

  /**
   * Streams the logs of the selected services, tasks and nodes to {@code reader}: those that are
   * there, and with {@code follow} those to come, also of tasks and nodes that join later.
   *
   * @throws Rejection.RejectedException if something selected does not exist, or there are too many
   *     streams already
   */
  public LogSubscription subscribe(
      LogSelector selector, LogSubscriptionOptions options, LogReader reader)
      throws Rejection.RejectedException {
    Optional<Rejection> wrong = Selectors.check(selector, snapshots.get());
    if (wrong.isPresent()) {
      throw new Rejection.RejectedException(wrong.get());
    }
    if (subscribed.incrementAndGet() > SUBSCRIPTIONS_MAX) {
      subscribed.decrementAndGet();
      throw new Rejection.RejectedException(
          new Rejection(
              Rejection.Kind.UNAVAILABLE,
              "%d log streams are open already: close one".formatted(SUBSCRIPTIONS_MAX)));
    }
    Subscription subscription = new Subscription(selector, options, reader);
    loop.execute(() -> open(subscription));
    return new LogSubscription() {
      @Override
      public void resume() {
        loop.execute(subscription::drain);
      }

      @Override
      public void cancel() {
        loop.execute(
            () -> {
              subscription.abandon();
              close(subscription);
            });
      }
    };
  }

  private void open(Subscription subscription) {
    if (subscription.isOver()) {
      subscribed.decrementAndGet(); // cancelled before it was opened
      return;
    }
    subscriptions.add(subscription);
    for (NodeId node : subscription.match(snapshots.get())) {
      join(subscription, node);
    }
    endIfDone(subscription);
  }

  private void join(Subscription subscription, NodeId node) {
    if (!subscription.stints.containsKey(node)) {
      Stint stint = new Stint(subscription, node);
      subscription.stints.put(node, stint);
      ask(stint);
    }
  }

  private void ask(Stint stint) {
    StreamReceiver<SubscriptionMessage> listener = listeners.get(stint.node);
    boolean down = snapshots.get().nodes().find(stint.node).map(Node::isDown).orElse(true);
    if (listener == null || down) {
      unavailable(stint);
      return;
    }
    if (!stint.id.isEmpty()) {
      listener.next(stint.close()); // the agent may still be at work for an earlier connection
    }
    stint.id = ids.next();
    stint.state = Stint.State.ASKED;
    asked.put(stint.id, stint);
    listener.next(stint.ask());
  }

  private void unavailable(Stint stint) {
    String problem = "node " + stint.node + " is not available";
    if (stint.subscription.isFollowing()) {
      stint.subscription.problem(problem); // it may come back
    } else {
      done(stint, Optional.of(problem));
    }
  }

  private void done(Stint stint, Optional<String> problem) {
    asked.remove(stint.id, stint);
    stint.state = Stint.State.DONE;
    problem.ifPresent(stint.subscription::problem);
    endIfDone(stint.subscription);
  }

  private void endIfDone(Subscription subscription) {
    boolean done =
        subscription.stints.values().stream().allMatch(s -> s.state == Stint.State.DONE);
    // While it is being opened, more nodes are to come.
    if (done && !subscription.isFollowing() && subscriptions.contains(subscription)) {
      close(subscription);
      subscription.end();
    }
  }

  private void cutOff(Subscription subscription, Instant newest) {
    close(subscription);
    subscription.cutOff(
        "the log stream was cut off, because it is read too slowly: go on with --since " + newest);
  }

  /** Asks no agent any more. */
  private void close(Subscription subscription) {
    if (!subscriptions.remove(subscription)) {
      return;
    }
    subscribed.decrementAndGet();
    for (Stint stint : subscription.stints.values()) {
      if (asked.remove(stint.id, stint)) {
        StreamReceiver<SubscriptionMessage> listener = listeners.get(stint.node);
        if (listener != null) {
          listener.next(stint.close());
        }
      }
    }
  }

  // ---- the cluster

  /** To be called after every commit: tasks of followed services join, lost nodes are given up. */
  public void committed(Snapshot snapshot, Delta delta) {
    if (subscribed.get() > 0 && !(delta.tasks().isEmpty() && delta.nodes().isEmpty())) {
      loop.execute(
          () -> {
            delta.tasks().forEach(this::taskChanged);
            delta.nodes().forEach(changed -> nodeChanged(changed, snapshot));
          });
    }
  }

  private void taskChanged(Delta.Changed<Task> changed) {
    Task task = changed.latest();
    boolean sameNode =
        changed.before().isPresent()
            && changed.after().isPresent()
            && changed.before().get().node().equals(task.node());
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

  private void nodeChanged(Delta.Changed<Node> changed, Snapshot snapshot) {
    boolean gone = changed.after().isEmpty() || changed.after().get().isDown();
    boolean was = changed.before().isPresent() && !changed.before().get().isDown();
    if (gone && was) {
      NodeId node = changed.latest().id();
      stintsOf(node)
          .filter(stint -> stint.state == Stint.State.ASKED)
          .forEach(this::unavailable);
    }
  }

  private java.util.stream.Stream<Stint> stintsOf(NodeId node) {
    return List.copyOf(subscriptions).stream()
        .flatMap(subscription -> Optional.ofNullable(subscription.stints.get(node)).stream());
  }

  private void lost(NodeId node) {
    stintsOf(node)
        .filter(this::isAsked)
        .forEach(
            stint -> {
              Optional<String> problem =
                  Optional.of("node " + node + " disconnected unexpectedly");
              done(stint, problem);
              if (stint.subscription.isFollowing()) {
                stint.state = Stint.State.AWAY;
              }
            });
  }

  /** Ends every stream, for instance because this manager no longer leads. */
  public void stop(String cause) {
    loop.execute(
        () -> {
          for (Subscription subscription : List.copyOf(subscriptions)) {
            close(subscription);
            subscription.cutOff(cause);
          }
          Map<NodeId, StreamReceiver<SubscriptionMessage>> open = new HashMap<>(listeners);
          listeners.clear();
          open.values().forEach(listener -> listener.closed(cause));
        });
  }
}
