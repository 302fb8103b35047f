package dev.swarm.cli.command.flag;

/** A command line that cannot be understood. Nothing was asked of the daemon. */
public final class UsageError extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** The program's exit code for malformed flags, docker's. */
  public static final int EXIT_FLAGS = 125;

  private final int exitCode;

  private UsageError(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** A flag that does not exist or whose value cannot be read. */
  public static UsageError flag(String message) {
    return new UsageError(EXIT_FLAGS, message);
  }

  /** A value that can be read and is none of those there are: docker's commands end with 1 then. */
  public static UsageError choice(String message) {
    return new UsageError(1, message);
  }

  /** Flags that are fine each by itself, but not together or not for this target. */
  public static UsageError conflict(String message) {
    return new UsageError(1, message);
  }

  public int exitCode() {
    return exitCode;
  }
}
