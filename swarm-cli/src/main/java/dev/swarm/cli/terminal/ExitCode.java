package dev.swarm.cli.terminal;

/** Exit codes of the program other than 0 and 1. */
public final class ExitCode {
  /** For malformed flags; docker's. */
  public static final int FLAGS = 125;

  private ExitCode() {}
}
