package dev.swarm.manager.servicelogs;

import dev.swarm.core.model.NodeId;
import dev.swarm.core.plan.Rejection;
import dev.swarm.core.port.Cancellable;
import dev.swarm.core.port.StreamReceiver;
import docker.swarmkit.v1.ListenSubscriptionsRequest;
import docker.swarmkit.v1.LogBrokerGrpc;
import docker.swarmkit.v1.PublishLogsMessage;
import docker.swarmkit.v1.PublishLogsResponse;
import docker.swarmkit.v1.SubscriptionMessage;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.function.Function;
import java.util.function.Supplier;

/** The LogBroker service: agents learn from it which logs are wanted, and publish them. */
public final class LogBrokerService extends LogBrokerGrpc.LogBrokerImplBase {
  private final LogBroker broker;
  private final Supplier<NodeId> callerNodeId;
  private final Function<Rejection, Status> statuses;

  /**
   * @param callerNodeId the node that calls, or none; asked while a call is being taken
   * @param statuses what refusals are on the wire
   */
  public LogBrokerService(
      LogBroker broker, Supplier<NodeId> callerNodeId, Function<Rejection, Status> statuses) {
    this.broker = broker;
    this.callerNodeId = callerNodeId;
    this.statuses = statuses;
  }

  @Override
  public void listenSubscriptions(
      ListenSubscriptionsRequest request, StreamObserver<SubscriptionMessage> observer) {
    NodeId node = callerNodeId.get();
    if (node.isNone()) {
      observer.onError(anonymous());
      return;
    }
    Cancellable listening = broker.listen(node, new Listener(observer));
    ((ServerCallStreamObserver<SubscriptionMessage>) observer)
        .setOnCancelHandler(listening::cancel);
  }

  @Override
  public StreamObserver<PublishLogsMessage> publishLogs(
      StreamObserver<PublishLogsResponse> observer) {
    NodeId node = callerNodeId.get();
    if (node.isNone()) {
      observer.onError(anonymous());
      return new Ignored();
    }
    return new Call(node, (ServerCallStreamObserver<PublishLogsResponse>) observer);
  }

  private static RuntimeException anonymous() {
    return Status.UNAUTHENTICATED
        .withDescription("a node's certificate is needed here")
        .asRuntimeException();
  }

  private record Listener(StreamObserver<SubscriptionMessage> observer)
      implements StreamReceiver<SubscriptionMessage> {
    @Override
    public void next(SubscriptionMessage message) {
      observer.onNext(message);
    }

    @Override
    public void closed(String cause) {
      observer.onError(Status.ABORTED.withDescription(cause).asRuntimeException());
    }
  }

  /** Takes one message at a time off the wire, so that a slow client slows down the agent. */
  private final class Call implements StreamObserver<PublishLogsMessage> {
    private final ServerCallStreamObserver<PublishLogsResponse> observer;
    private final Publication publication;

    Call(NodeId node, ServerCallStreamObserver<PublishLogsResponse> observer) {
      this.observer = observer;
      observer.disableAutoRequest();
      observer.setOnCancelHandler(() -> {}); // or answering a caller who left would throw
      publication = broker.publish(node, this::changed);
      observer.request(1);
    }

    private void changed() {
      if (!publication.ended()) {
        observer.request(1);
        return;
      }
      publication
          .refusal()
          .ifPresentOrElse(
              why -> observer.onError(statuses.apply(why).asRuntimeException()),
              () -> {
                observer.onNext(PublishLogsResponse.getDefaultInstance());
                observer.onCompleted();
              });
    }

    @Override
    public void onNext(PublishLogsMessage message) {
      publication.send(message);
    }

    @Override
    public void onError(Throwable lost) {
      publication.abort();
    }

    @Override
    public void onCompleted() {
      publication.complete();
    }
  }

  private static final class Ignored implements StreamObserver<PublishLogsMessage> {
    @Override
    public void onNext(PublishLogsMessage message) {}

    @Override
    public void onError(Throwable lost) {}

    @Override
    public void onCompleted() {}
  }
}
