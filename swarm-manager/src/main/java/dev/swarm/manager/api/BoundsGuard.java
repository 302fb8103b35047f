package dev.swarm.manager.api;

import com.google.protobuf.Message;
import dev.swarm.core.wire.Bounds;
import docker.swarmkit.v1.ControlGrpc;
import docker.swarmkit.v1.LogsGrpc;
import docker.swarmkit.v1.WatchGrpc;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.Optional;
import java.util.Set;

/** Refuses messages that hold more than anybody means, before a service sees them. */
public final class BoundsGuard implements ServerInterceptor {
  /** The services that a manager calls on behalf of people. */
  private static final Set<String> FOR_PEOPLE =
      Set.of(ControlGrpc.SERVICE_NAME, WatchGrpc.SERVICE_NAME, LogsGrpc.SERVICE_NAME);

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    String service = String.valueOf(call.getMethodDescriptor().getServiceName());
    Bounds bounds = FOR_PEOPLE.contains(service) ? Bounds.OF_PEOPLE : Bounds.OF_NODES;
    Guarded<Q, R> guarded = new Guarded<>(call);
    return new Listener<>(guarded, bounds, next.startCall(guarded, headers));
  }

  /** A call that, once it is refused, hears nothing more from its service. */
  private static final class Guarded<Q, R> extends SimpleForwardingServerCall<Q, R> {
    private boolean refused;

    Guarded(ServerCall<Q, R> call) {
      super(call);
    }

    synchronized void refuse(Status why) {
      refused = true;
      super.close(why, new Metadata());
    }

    @Override
    public synchronized void sendHeaders(Metadata headers) {
      if (!refused) {
        super.sendHeaders(headers);
      }
    }

    @Override
    public synchronized void sendMessage(R message) {
      if (!refused) {
        super.sendMessage(message);
      }
    }

    @Override
    public synchronized void close(Status status, Metadata trailers) {
      if (!refused) {
        super.close(status, trailers);
      }
    }
  }

  private static final class Listener<Q, R> extends SimpleForwardingServerCallListener<Q> {
    private final Guarded<Q, R> call;
    private final Bounds bounds;
    private boolean refused;

    Listener(Guarded<Q, R> call, Bounds bounds, ServerCall.Listener<Q> service) {
      super(service);
      this.call = call;
      this.bounds = bounds;
    }

    @Override
    public void onMessage(Q message) {
      if (refused) {
        return;
      }
      Optional<String> problem =
          message instanceof Message known ? bounds.problem(known) : Optional.empty();
      if (problem.isPresent()) {
        refused = true;
        call.refuse(Status.INVALID_ARGUMENT.withDescription(problem.get()));
        super.onCancel(); // for the service the caller has gone
        return;
      }
      super.onMessage(message);
    }

    @Override
    public void onHalfClose() {
      if (!refused) {
        super.onHalfClose();
      }
    }

    @Override
    public void onReady() {
      if (!refused) {
        super.onReady();
      }
    }

    @Override
    public void onCancel() {
      if (!refused) {
        super.onCancel();
      }
    }

    @Override
    public void onComplete() {
      if (!refused) {
        super.onComplete();
      }
    }
  }
}
