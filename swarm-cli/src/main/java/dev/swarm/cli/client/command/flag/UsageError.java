package dev.swarm.cli.client.command.flag;

import dev.swarm.cli.terminal.ExitCode;
import dev.swarm.cli.terminal.Flag;
import java.util.List;

/** A command line that cannot be parsed. Nothing was asked of the daemon. */
public final class UsageError extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int exitCode;

  private UsageError(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** A flag that does not exist or has no value. */
  public static UsageError flag(String message) {
    return new UsageError(ExitCode.FLAGS, message);
  }

  /** A flag whose value cannot be read. */
  public static UsageError value(Flag flag, String text, IllegalArgumentException why) {
    return new UsageError(
        ExitCode.FLAGS,
        why instanceof Unexpected
            ? flag.display() + " takes " + why.getMessage()
            : flag.display() + " does not take " + Words.quoted(text) + ": " + why.getMessage());
  }

  /** A value that can be read and is none of those there are: docker's commands end with 1 then. */
  public static UsageError choice(Flag flag, String value) {
    List<String> choices = flag.choices();
    String last = choices.getLast();
    String others = String.join(", ", choices.subList(0, choices.size() - 1));
    return new UsageError(
        1, flag.display() + " takes " + others + " or " + last + ", not " + Words.quoted(value));
  }

  /** Flags that are fine each by itself, but not together or not for this target. */
  public static UsageError conflict(String message) {
    return new UsageError(1, message);
  }

  public int exitCode() {
    return exitCode;
  }
}
