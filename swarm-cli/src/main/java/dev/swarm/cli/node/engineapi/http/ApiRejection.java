package dev.swarm.cli.node.engineapi.http;

import dev.swarm.cli.node.engineapi.routes.LocalMembership;

/**
 * Error reply to a request: its HTTP status, and a sentence that says what to do. Thrown by whoever
 * handles a request, {@link LocalMembership} included; it leaves no stack trace.
 */
public final class ApiRejection extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;

  /**
   * @param status an HTTP status from 400
   */
  public ApiRejection(int status, String sentence) {
    super(sentence, null, false, false);
    this.status = status;
  }

  public static ApiRejection badRequest(String sentence) {
    return new ApiRejection(400, sentence);
  }

  public static ApiRejection notFound(String sentence) {
    return new ApiRejection(404, sentence);
  }

  /**
   * @param kind of the object that a request means and does not name, such as {@code service}
   */
  public static ApiRejection unnamed(String kind) {
    return badRequest("the name or id of the %s is missing".formatted(kind));
  }

  public static ApiRejection conflict(String sentence) {
    return new ApiRejection(409, sentence);
  }

  /** The node is in the wrong state for this: no swarm, not a manager, no leader. */
  public static ApiRejection unavailable(String sentence) {
    return new ApiRejection(503, sentence);
  }

  public int status() {
    return status;
  }

  public String sentence() {
    return String.valueOf(getMessage());
  }
}
