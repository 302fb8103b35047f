package dev.swarm.cli.http;

import java.io.IOException;

/** A daemon's address at which nothing answers. */
public final class DaemonUnreachable extends IOException {
  private static final long serialVersionUID = 1;

  DaemonUnreachable(Endpoint endpoint, IOException cause) {
    super(
        "Cannot connect to the swarm daemon at " + endpoint + ". Is the swarm daemon running?",
        cause);
  }

  DaemonUnreachable(Endpoint endpoint, String why, IOException cause) {
    super("Cannot connect to the swarm daemon at " + endpoint + ": " + why, cause);
  }
}
