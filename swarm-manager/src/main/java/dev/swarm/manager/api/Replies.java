package dev.swarm.manager.api;

import dev.swarm.core.plan.Decision;
import dev.swarm.core.plan.Rejection;
import dev.swarm.core.plan.Requests;
import dev.swarm.core.plan.Verdict;
import dev.swarm.core.store.Snapshot;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Answers unary calls with the core's replies, and maps its rejections to gRPC. */
public final class Replies {
  private Replies() {}

  /** The status a refusal has on the wire. */
  public static Status status(Rejection rejection) {
    Status status =
        switch (rejection.kind()) {
          case INVALID -> Status.INVALID_ARGUMENT;
          case NOT_FOUND -> Status.NOT_FOUND;
          case ALREADY_EXISTS -> Status.ALREADY_EXISTS;
          case STALE -> Status.ABORTED;
          case FAILED_PRECONDITION -> Status.FAILED_PRECONDITION;
          case PERMISSION_DENIED -> Status.PERMISSION_DENIED;
          case UNAVAILABLE -> Status.UNAVAILABLE;
          case UNIMPLEMENTED -> Status.UNIMPLEMENTED;
        };
    return status.withDescription(rejection.message());
  }

  /** The status a failed submission has on the wire. */
  public static Status status(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException wrapped && wrapped.getCause() != null
            ? wrapped.getCause()
            : failure;
    return switch (cause) {
      case Rejection.RejectedException rejected -> status(rejected.rejection());
      case Decision.FaultException fault ->
          Status.INTERNAL.withDescription(fault.getMessage()).withCause(fault);
      default ->
          // It may have been committed or not; only a look at the object can tell.
          Status.UNKNOWN
              .withDescription("the outcome of the request is unknown: look before trying again")
              .withCause(cause);
    };
  }

  static <R> void submit(Requests requests, Decision<R> decision, StreamObserver<R> observer) {
    answer(requests.submit(decision), observer);
  }

  /** Answers a call with what the stage comes to. */
  public static <R> void answer(CompletionStage<R> stage, StreamObserver<R> observer) {
    stage.whenComplete(
        (response, failure) -> {
          if (failure == null) {
            reply(response, observer);
          } else {
            observer.onError(status(failure).asRuntimeException());
          }
        });
  }

  static <R> void query(
      Requests requests, Function<Snapshot, Verdict<R>> query, StreamObserver<R> observer) {
    Snapshot snapshot = requests.snapshot();
    switch (query.apply(snapshot)) {
      case Verdict.Rejected<R> rejected ->
          observer.onError(status(rejected.rejection()).asRuntimeException());
      case Verdict.Accepted<R> accepted -> reply(accepted.reply().apply(snapshot), observer);
    }
  }

  static <R> void list(Requests requests, Function<Snapshot, R> list, StreamObserver<R> observer) {
    reply(list.apply(requests.snapshot()), observer);
  }

  static <R> void notYet(String what, StreamObserver<R> observer) {
    observer.onError(
        Status.UNIMPLEMENTED
            .withDescription(what + " are not available in this version")
            .asRuntimeException());
  }

  private static <R> void reply(R response, StreamObserver<R> observer) {
    observer.onNext(response);
    observer.onCompleted();
  }
}
