package dev.swarm.cli.node.engineapi.http;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/** Maps a leader's gRPC status to an HTTP status, as the engine does. The only such map. */
public final class GrpcErrors {
  private GrpcErrors() {}

  public static ApiRejection rejection(StatusRuntimeException failure) {
    Status status = failure.getStatus();
    return new ApiRejection(httpStatus(status.getCode()), sentence(status));
  }

  private static int httpStatus(Status.Code code) {
    return switch (code) {
      case INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE -> 400;
      case UNAUTHENTICATED -> 401;
      case PERMISSION_DENIED -> 403;
      case NOT_FOUND -> 404;
      case ALREADY_EXISTS -> 409;
      case UNIMPLEMENTED -> 501;
      // Stock engines say 500 when the leader is too slow; "try again" is what it means.
      case UNAVAILABLE, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED -> 503;
      case OK, CANCELLED, UNKNOWN, ABORTED, INTERNAL, DATA_LOSS -> 500;
    };
  }

  private static String sentence(Status status) {
    String description = status.getDescription();
    return switch (status.getCode()) {
      case DEADLINE_EXCEEDED ->
          "the swarm's leader did not answer in time; try again when the managers are healthy";
      case UNAVAILABLE ->
          description == null || description.isBlank()
              ? "the swarm's leader cannot be reached; make sure more than half of the managers are"
                  + " online"
              : description;
      default ->
          description == null || description.isBlank()
              ? "the swarm's leader answered " + status.getCode()
              : description;
    };
  }
}
