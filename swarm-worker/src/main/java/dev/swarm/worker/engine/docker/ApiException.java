package dev.swarm.worker.engine.docker;

/** The engine answered with an error. */
final class ApiException extends RuntimeException {
  /** In place of a status, where there was no answer. */
  static final int UNANSWERED = 0;

  private static final long serialVersionUID = 1L;
  private final int status;
  private final String text;

  ApiException(int status, String message) {
    super(message);
    this.status = status;
    this.text = message;
  }

  /** What the engine said. */
  String text() {
    return text;
  }

  /** Whether the engine was not there to answer: nothing is known of what was asked. */
  boolean isUnanswered() {
    return status == UNANSWERED;
  }

  /** The HTTP status; 0 if the engine was not reached. */
  int status() {
    return status;
  }
}
