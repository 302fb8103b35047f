package dev.swarm.manager.api;

import dev.swarm.core.plan.Rejection;
import dev.swarm.core.plan.Rejection.RejectedException;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Rejections and faults as gRPC statuses: the one switch. */
public final class GrpcStatuses {
  private GrpcStatuses() {}

  public static Status of(Rejection rejection) {
    Status status =
        switch (rejection.kind()) {
          case INVALID -> Status.INVALID_ARGUMENT;
          case NOT_FOUND -> Status.NOT_FOUND;
          case ALREADY_EXISTS -> Status.ALREADY_EXISTS;
          // What the wire has always said for a stale version; clients look for it.
          case STALE -> Status.UNKNOWN;
          case FAILED_PRECONDITION -> Status.FAILED_PRECONDITION;
          case PERMISSION_DENIED -> Status.PERMISSION_DENIED;
          case UNAVAILABLE -> Status.UNAVAILABLE;
          case UNIMPLEMENTED -> Status.UNIMPLEMENTED;
        };
    return status.withDescription(rejection.message());
  }

  /** The status for a failed stage; what is not a rejection is our fault and says no details. */
  public static Status of(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause instanceof RejectedException rejected
        ? of(rejected.rejection())
        : Status.INTERNAL.withDescription("the manager failed to answer; its log says why");
  }

  /** Answers a call with what the stage comes to. */
  public static <R> void answer(CompletionStage<R> stage, StreamObserver<R> out) {
    stage.whenComplete(
        (response, failure) -> {
          if (failure != null) {
            out.onError(of(failure).asRuntimeException());
          } else {
            out.onNext(response);
            out.onCompleted();
          }
        });
  }
}
