package dev.swarm.manager.dispatcher;

import dev.swarm.core.model.NodeId;
import dev.swarm.core.port.Cancellable;
import dev.swarm.core.port.StreamReceiver;
import dev.swarm.manager.api.Replies;
import dev.swarm.manager.tls.Caller;
import dev.swarm.manager.tls.CallerAddress;
import docker.swarmkit.v1.AssignmentsMessage;
import docker.swarmkit.v1.AssignmentsRequest;
import docker.swarmkit.v1.DispatcherGrpc;
import docker.swarmkit.v1.HeartbeatRequest;
import docker.swarmkit.v1.HeartbeatResponse;
import docker.swarmkit.v1.SessionMessage;
import docker.swarmkit.v1.SessionRequest;
import docker.swarmkit.v1.UpdateTaskStatusRequest;
import docker.swarmkit.v1.UpdateTaskStatusResponse;
import docker.swarmkit.v1.UpdateVolumeStatusRequest;
import docker.swarmkit.v1.UpdateVolumeStatusResponse;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.function.Function;

/** The Dispatcher service. The caller is identified by its certificate, never by the message. */
public final class DispatcherService extends DispatcherGrpc.DispatcherImplBase {
  private final Dispatcher dispatcher;

  public DispatcherService(Dispatcher dispatcher) {
    this.dispatcher = dispatcher;
  }

  @Override
  public void session(SessionRequest request, StreamObserver<SessionMessage> out) {
    NodeId node = Caller.currentNode();
    String addr = CallerAddress.current();
    stream(out, receiver -> dispatcher.session(node, addr, request, receiver));
  }

  @Override
  public void assignments(AssignmentsRequest request, StreamObserver<AssignmentsMessage> out) {
    NodeId node = Caller.currentNode();
    stream(out, receiver -> dispatcher.assignments(node, request, receiver));
  }

  @Override
  public void heartbeat(HeartbeatRequest request, StreamObserver<HeartbeatResponse> out) {
    Replies.answer(dispatcher.heartbeat(Caller.currentNode(), request), out);
  }

  @Override
  public void updateTaskStatus(
      UpdateTaskStatusRequest request, StreamObserver<UpdateTaskStatusResponse> out) {
    Replies.answer(dispatcher.updateTaskStatus(Caller.currentNode(), request), out);
  }

  /**
   * Cluster volumes do not exist here, so there is nothing to note; an agent must not be made to
   * retry.
   */
  @Override
  public void updateVolumeStatus(
      UpdateVolumeStatusRequest request, StreamObserver<UpdateVolumeStatusResponse> out) {
    out.onNext(UpdateVolumeStatusResponse.getDefaultInstance());
    out.onCompleted();
  }

  private static <T> void stream(
      StreamObserver<T> out, Function<StreamReceiver<T>, Cancellable> open) {
    ServerCallStreamObserver<T> call = (ServerCallStreamObserver<T>) out;
    CallReceiver<T> receiver = new CallReceiver<>(call);
    call.setOnCancelHandler(receiver::cancelled);
    receiver.opened(open.apply(receiver));
  }

  /** Sends what the dispatcher says until either side has enough. */
  private static final class CallReceiver<T> implements StreamReceiver<T> {
    private final ServerCallStreamObserver<T> call;
    private boolean over;
    private Cancellable cancel = () -> {};

    CallReceiver(ServerCallStreamObserver<T> call) {
      this.call = call;
    }

    synchronized void opened(Cancellable stream) {
      cancel = stream;
      if (over) {
        stream.cancel();
      }
    }

    synchronized void cancelled() {
      over = true;
      cancel.cancel();
    }

    @Override
    public synchronized void next(T message) {
      if (!over) {
        call.onNext(message);
      }
    }

    @Override
    public synchronized void closed(String cause) {
      if (!over) {
        over = true;
        call.onError(Status.ABORTED.withDescription(cause).asRuntimeException());
      }
    }
  }
}
