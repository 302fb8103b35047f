package dev.swarm.core.control;

import dev.swarm.core.plan.Decision;
import dev.swarm.core.plan.Rejection;
import dev.swarm.core.plan.Rejection.Kind;
import dev.swarm.core.plan.Verdict;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Builds the rejections of control requests. A message stays one line, whatever a user put into a
 * name.
 */
public final class Refuse {
  private static final int MESSAGE_CHARS_MAX = 400;

  private Refuse() {}

  public static Rejection invalid(String message) {
    return of(Kind.INVALID, message);
  }

  public static Rejection exists(String message) {
    return of(Kind.ALREADY_EXISTS, message);
  }

  public static Rejection precondition(String message) {
    return of(Kind.FAILED_PRECONDITION, message);
  }

  public static Rejection unimplemented(String message) {
    return of(Kind.UNIMPLEMENTED, message);
  }

  public static Rejection denied(String message) {
    return of(Kind.PERMISSION_DENIED, message);
  }

  /**
   * @param what the kind of object, such as {@code service}
   */
  public static Rejection notFound(String what, String id) {
    return id.isBlank()
        ? invalid("the id of the " + what + " is missing")
        : of(Kind.NOT_FOUND, what + " " + id + " not found");
  }

  /**
   * Refuses at once if {@code wrong} holds something, and otherwise decides when it is its turn.
   */
  public static <R> Decision<R> unless(Optional<Rejection> wrong, Supplier<Decision<R>> decision) {
    return wrong
        .<Decision<R>>map(rejection -> (draft, context) -> Verdict.reject(rejection))
        .orElseGet(decision);
  }

  private static Rejection of(Kind kind, String message) {
    return new Rejection(kind, oneLine(message));
  }

  /** The text without control characters, cut where it gets unreadable. */
  static String oneLine(String text) {
    int end = Math.min(text.length(), MESSAGE_CHARS_MAX);
    StringBuilder line = new StringBuilder(end + 1);
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      line.append(Character.isISOControl(c) || c == '\u2028' || c == '\u2029' ? ' ' : c);
    }
    return text.length() > end ? line.append('…').toString() : line.toString();
  }
}
