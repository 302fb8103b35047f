package dev.swarm.cli.terminal;

/** What the program ends with, where that is not 0 or 1. */
public final class ExitCode {
  /** For malformed flags; docker's. */
  public static final int FLAGS = 125;

  private ExitCode() {}
}
