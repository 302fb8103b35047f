package dev.swarm.cli.node.daemon;

/** What this program calls itself. */
final class Version {
  static final String PROGRAM = "0.1.0";

  private Version() {}
}
