package dev.swarm.core.port;

import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;

/** Puts an exception into words for people, without the names of classes. */
public final class Reason {
  /** What wrappers put before the message of what they wrap. */
  private static final Pattern CLASS =
      Pattern.compile("(?:[a-z_]\\w*\\.)+[A-Z][\\w$]*(?:Exception|Error|Throwable)(?:: |$)");

  private static final Pattern KIND = Pattern.compile("(?:Exception|Error)$");
  private static final Pattern HUMP = Pattern.compile("(?<=[a-z])(?=[A-Z])");

  private Reason() {}

  /** The message of {@code error}, or in words what kind of failure it is. Never empty. */
  public static String of(Throwable error) {
    Throwable cause = error;
    for (Throwable inner = cause.getCause(); isWrapper(cause) && inner != null; ) {
      cause = inner;
      inner = cause.getCause();
    }
    String message = cause.getMessage();
    String said = message == null ? "" : CLASS.matcher(message).replaceAll("").strip();
    String kind = kind(cause);
    if (said.isEmpty()) {
      return kind;
    }
    // Those have a file for their message, and nothing else.
    return cause.getClass().getName().startsWith("java.nio.file.") ? kind + ": " + said : said;
  }

  private static boolean isWrapper(Throwable error) {
    return error instanceof CompletionException || error instanceof ExecutionException;
  }

  private static String kind(Throwable error) {
    String name = KIND.matcher(error.getClass().getSimpleName()).replaceAll("");
    return name.isEmpty() ? "failure" : String.join(" ", HUMP.split(name)).toLowerCase(Locale.ROOT);
  }
}
