package dev.swarm.manager;

import dev.swarm.core.model.NodeId;
import dev.swarm.core.port.AgentLink;
import dev.swarm.core.port.Cancellable;
import dev.swarm.core.port.Promises;
import dev.swarm.core.port.StreamReceiver;
import dev.swarm.manager.dispatcher.Dispatcher;
import dev.swarm.manager.servicelogs.LogBroker;
import docker.swarmkit.v1.AssignmentsMessage;
import docker.swarmkit.v1.AssignmentsRequest;
import docker.swarmkit.v1.HeartbeatRequest;
import docker.swarmkit.v1.HeartbeatResponse;
import docker.swarmkit.v1.ListenSubscriptionsRequest;
import docker.swarmkit.v1.SessionMessage;
import docker.swarmkit.v1.SessionRequest;
import docker.swarmkit.v1.SubscriptionMessage;
import docker.swarmkit.v1.UpdateTaskStatusRequest;
import docker.swarmkit.v1.UpdateTaskStatusResponse;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * An agent in the manager's own JVM: no network, no certificate, the identity is given. It ends
 * with its manager, like a connection.
 */
final class LocalAgentLink implements AgentLink {
  private final NodeId node;
  private final String addr;
  private final Dispatcher dispatcher;
  private final LogBroker broker;
  private final Consumer<LocalAgentLink> gone;
  private final Promises promises = new Promises();
  private final Set<Stream<?>> open = ConcurrentHashMap.newKeySet();
  private volatile String over = "";

  /**
   * @param gone told when the link is closed
   */
  LocalAgentLink(
      NodeId node,
      String addr,
      Dispatcher dispatcher,
      LogBroker broker,
      Consumer<LocalAgentLink> gone) {
    this.node = node;
    this.addr = addr;
    this.dispatcher = dispatcher;
    this.broker = broker;
    this.gone = gone;
  }

  @Override
  public Cancellable session(SessionRequest request, StreamReceiver<SessionMessage> receiver) {
    return stream(receiver, own -> dispatcher.session(node, addr, request, own));
  }

  @Override
  public CompletionStage<HeartbeatResponse> heartbeat(HeartbeatRequest request) {
    return promises.follow(dispatcher.heartbeat(node, request));
  }

  @Override
  public CompletionStage<HeartbeatResponse> heartbeatOnFreshConnection(HeartbeatRequest request) {
    return heartbeat(request);
  }

  @Override
  public Cancellable assignments(
      AssignmentsRequest request, StreamReceiver<AssignmentsMessage> receiver) {
    return stream(receiver, own -> dispatcher.assignments(node, request, own));
  }

  @Override
  public CompletionStage<UpdateTaskStatusResponse> updateTaskStatus(
      UpdateTaskStatusRequest request) {
    return promises.follow(dispatcher.updateTaskStatus(node, request));
  }

  @Override
  public Cancellable listenSubscriptions(
      ListenSubscriptionsRequest request, StreamReceiver<SubscriptionMessage> receiver) {
    return stream(receiver, own -> broker.listen(node, own));
  }

  @Override
  public LogPublication publishLogs() {
    return broker.publish(node, () -> {});
  }

  @Override
  public void close() {
    close("the link was closed");
  }

  /** As if the connection broke: streams end with {@code why}, calls fail. */
  void close(String why) {
    over = why;
    promises.close(new IllegalStateException(why));
    open.forEach(stream -> stream.end(why));
    gone.accept(this);
  }

  private <T> Cancellable stream(
      StreamReceiver<T> receiver, Function<StreamReceiver<T>, Cancellable> call) {
    Stream<T> stream = new Stream<>(receiver);
    open.add(stream);
    stream.begin(call.apply(stream));
    // Listed first: a close between the look and the listing would be missed.
    if (!over.isEmpty()) {
      stream.end(over);
    }
    return stream::cancel;
  }

  /** One stream, which hears of its end once. */
  private final class Stream<T> implements StreamReceiver<T> {
    private final StreamReceiver<T> receiver;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile Cancellable call = () -> {};

    private Stream(StreamReceiver<T> receiver) {
      this.receiver = receiver;
    }

    private void begin(Cancellable begun) {
      call = begun;
    }

    @Override
    public void next(T message) {
      if (!ended.get()) {
        receiver.next(message);
      }
    }

    @Override
    public void closed(String cause) {
      open.remove(this);
      if (ended.compareAndSet(false, true)) {
        receiver.closed(cause);
      }
    }

    private void end(String why) {
      closed(why);
      call.cancel();
    }

    private void cancel() {
      ended.set(true);
      open.remove(this);
      call.cancel();
    }
  }
}
