package dev.swarm.core.plan;

/**
 * Refusal of a request, with the reason for whoever made it. Nothing has changed.
 *
 * @param message one line that says what is wrong and, where it is not plain, what to do
 */
public record Rejection(Kind kind, String message) {
  /** What went wrong, as far as a program needs to know. */
  public enum Kind {
    /** The request itself is wrong. */
    INVALID,
    NOT_FOUND,
    /** The name, port or address is taken. */
    ALREADY_EXISTS,
    /** The object changed since the caller read it. */
    STALE,
    /** The request is right, but not in the state the cluster is in. */
    FAILED_PRECONDITION,
    PERMISSION_DENIED,
    /** Try again later, or elsewhere. */
    UNAVAILABLE,
    /** What is asked for does not exist here yet. */
    UNIMPLEMENTED
  }

  /** A rejection on its way to the one who asked. */
  public static final class RejectedException extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient Rejection rejection;

    public RejectedException(Rejection rejection) {
      super(rejection.message());
      this.rejection = rejection;
    }

    public Rejection rejection() {
      return rejection;
    }
  }

  public static Rejection invalid(String message) {
    return new Rejection(Kind.INVALID, message);
  }

  public static Rejection notFound(String message) {
    return new Rejection(Kind.NOT_FOUND, message);
  }

  /** The version named in an update is not the object's. */
  public static Rejection stale() {
    return new Rejection(Kind.STALE, "update out of sequence");
  }
}
