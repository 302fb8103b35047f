package dev.swarm.manager.tls;

import dev.swarm.manager.tls.Authority.Verdict;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;

/** Ends calls that are refused, at their beginning or later, with the reason. */
final class Refusals {
  private Refusals() {}

  static Status status(Verdict.Denied denied) {
    return Status.PERMISSION_DENIED.withDescription(denied.sentence());
  }

  static Status status(Verdict.AskAnother other) {
    return Status.UNAVAILABLE.withDescription(other.sentence());
  }

  static <Q, R> ServerCall.Listener<Q> close(ServerCall<Q, R> call, Verdict.Denied denied) {
    return close(call, status(denied));
  }

  static <Q, R> ServerCall.Listener<Q> close(ServerCall<Q, R> call, Verdict.AskAnother other) {
    return close(call, status(other));
  }

  private static <Q, R> ServerCall.Listener<Q> close(ServerCall<Q, R> call, Status status) {
    call.close(status, new Metadata());
    return new ServerCall.Listener<>() {};
  }
}
