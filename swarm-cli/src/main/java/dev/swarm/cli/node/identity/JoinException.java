package dev.swarm.cli.node.identity;

/** A certificate that could not be obtained. The message is a sentence for the user. */
public final class JoinException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What went wrong, for exit codes and tests. */
  public enum Kind {
    /** The address given makes no sense. */
    ADDRESS,
    /** No connection to the manager. */
    UNREACHABLE,
    /** The manager belongs to another cluster than the token. */
    FINGERPRINT,
    /** The manager does not know the token's secret. */
    TOKEN,
    /** The manager did not issue a certificate in time. */
    TIMEOUT,
    /** The manager, or this node on seeing what it sent, refused. */
    REFUSED;

    /** Whether the same may succeed later. */
    public boolean mayPass() {
      return switch (this) {
        case UNREACHABLE, TIMEOUT -> true;
        case ADDRESS, FINGERPRINT, TOKEN, REFUSED -> false;
      };
    }
  }

  private final Kind kind;
  private final String sentence;

  public JoinException(Kind kind, String sentence) {
    super(sentence);
    this.kind = kind;
    this.sentence = sentence;
  }

  public JoinException(Kind kind, String sentence, Throwable cause) {
    super(sentence, cause);
    this.kind = kind;
    this.sentence = sentence;
  }

  public Kind kind() {
    return kind;
  }

  @Override
  public String getMessage() {
    return sentence;
  }
}
