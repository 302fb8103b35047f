package dev.swarm.worker.engine.docker;

/** The engine answered with an error. */
final class ApiException extends RuntimeException {
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

  /** The HTTP status; 0 if the engine was not reached. */
  int status() {
    return status;
  }
}
