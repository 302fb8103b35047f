package dev.swarm.manager.members;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Passes one call on to another manager, message by message, each side as fast as the other takes
 * it. Deadline and cancellation follow the caller's context.
 */
final class Relay<Q, R> {
  private final ServerCall<Q, R> caller;
  private final ClientCall<Q, R> leader;
  private final Object lock = new Object();
  private boolean requestsWait; // under lock
  private boolean responsesWait; // under lock

  private Relay(ServerCall<Q, R> caller, ClientCall<Q, R> leader) {
    this.caller = caller;
    this.leader = leader;
  }

  static <Q, R> ServerCall.Listener<Q> start(
      ServerCall<Q, R> call, Metadata headers, Channel leader) {
    Relay<Q, R> relay =
        new Relay<>(call, leader.newCall(call.getMethodDescriptor(), CallOptions.DEFAULT));
    relay.leader.start(relay.new Responses(), headers);
    relay.leader.request(1);
    call.request(1);
    return relay.new Requests();
  }

  private final class Requests extends ServerCall.Listener<Q> {
    @Override
    public void onMessage(Q message) {
      leader.sendMessage(message);
      boolean more;
      synchronized (lock) {
        more = leader.isReady();
        requestsWait = !more;
      }
      if (more) {
        caller.request(1);
      }
    }

    @Override
    public void onHalfClose() {
      leader.halfClose();
    }

    @Override
    public void onCancel() {
      leader.cancel("the caller has gone", null);
    }

    @Override
    public void onReady() {
      boolean more;
      synchronized (lock) {
        more = responsesWait;
        responsesWait = false;
      }
      if (more) {
        leader.request(1);
      }
    }
  }

  private final class Responses extends ClientCall.Listener<R> {
    @Override
    public void onHeaders(Metadata headers) {
      caller.sendHeaders(headers);
    }

    @Override
    public void onMessage(R message) {
      caller.sendMessage(message);
      boolean more;
      synchronized (lock) {
        more = caller.isReady();
        responsesWait = !more;
      }
      if (more) {
        leader.request(1);
      }
    }

    @Override
    public void onReady() {
      boolean more;
      synchronized (lock) {
        more = requestsWait;
        requestsWait = false;
      }
      if (more) {
        caller.request(1);
      }
    }

    @Override
    public void onClose(Status status, @Nullable Metadata trailers) {
      caller.close(status, trailers == null ? new Metadata() : trailers);
    }
  }
}
