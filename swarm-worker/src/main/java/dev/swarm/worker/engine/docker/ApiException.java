package dev.swarm.worker.engine.docker;

/** The engine answered with an error, or did not answer. */
public final class ApiException extends RuntimeException {
  /** In place of a status, where there was no answer. */
  static final int UNANSWERED = 0;

  private static final long serialVersionUID = 1L;
  private final int status;
  private final String text;

  ApiException(int status, String message) {
    this(status, message, message);
  }

  private ApiException(int status, String message, String text) {
    super(message);
    this.status = status;
    this.text = text;
  }

  /**
   * @param what happened
   * @param why as the machine says it
   */
  static ApiException unanswered(String what, String why) {
    return new ApiException(UNANSWERED, what + ": " + why, why);
  }

  /** What the engine said, or why it did not. */
  public String text() {
    return text;
  }

  /** Whether the engine was not there to answer: nothing is known of what was asked. */
  public boolean isUnanswered() {
    return status == UNANSWERED;
  }

  /** The HTTP status; 0 if the engine was not reached. */
  public int status() {
    return status;
  }
}
