package dev.swarm.manager.servicelogs;

import dev.swarm.core.plan.Rejection;
import docker.swarmkit.v1.LogsGrpc;
import docker.swarmkit.v1.SubscribeLogsMessage;
import docker.swarmkit.v1.SubscribeLogsRequest;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The Logs service: streams logs to clients. */
public final class LogsService extends LogsGrpc.LogsImplBase {
  private final LogBroker broker;
  private final Function<Rejection, Status> statuses;

  /**
   * @param statuses what refusals are on the wire
   */
  public LogsService(LogBroker broker, Function<Rejection, Status> statuses) {
    this.broker = broker;
    this.statuses = statuses;
  }

  @Override
  public void subscribeLogs(
      SubscribeLogsRequest request, StreamObserver<SubscribeLogsMessage> observer) {
    Call call = new Call((ServerCallStreamObserver<SubscribeLogsMessage>) observer);
    try {
      call.subscription = broker.subscribe(request.getSelector(), request.getOptions(), call);
    } catch (Rejection.RejectedException e) {
      observer.onError(statuses.apply(e.rejection()).asRuntimeException());
    }
  }

  private static final class Call implements ServiceLogReader {
    private final ServerCallStreamObserver<SubscribeLogsMessage> observer;
    private volatile @Nullable LogSubscription subscription;

    Call(ServerCallStreamObserver<SubscribeLogsMessage> observer) {
      this.observer = observer;
      // Both come only after the call was taken, that is with the subscription in place.
      observer.setOnReadyHandler(
          () -> {
            if (subscription != null) {
              subscription.resume();
            }
          });
      observer.setOnCancelHandler(
          () -> {
            if (subscription != null) {
              subscription.cancel();
            }
          });
    }

    @Override
    public boolean ready() {
      return observer.isReady();
    }

    @Override
    public void next(SubscribeLogsMessage message) {
      observer.onNext(message);
    }

    @Override
    public void closed(String cause) {
      if (cause.isEmpty()) {
        observer.onCompleted();
      } else {
        observer.onError(Status.UNKNOWN.withDescription(cause).asRuntimeException());
      }
    }
  }
}
