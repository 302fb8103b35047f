package dev.swarm.cli.node.daemon;

/** Version of this program. */
final class Version {
  static final String PROGRAM = "0.1.0";

  private Version() {}
}
