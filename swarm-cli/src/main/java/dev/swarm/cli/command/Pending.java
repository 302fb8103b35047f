package dev.swarm.cli.command;

import dev.swarm.cli.client.DaemonRejection;
import java.io.IOException;

/** A node that asked for its place in a swarm and does not have it yet. */
final class Pending {
  private Pending() {}

  /** "Already part of a swarm" is true of members only: what is so where the node is none yet. */
  static IOException explained(Context context, DaemonRejection e) throws IOException {
    boolean member = String.valueOf(e.getMessage()).contains("already part of a swarm");
    return member && context.info().path("Swarm").path("LocalNodeState").asText().equals("pending")
        ? new IOException(
            "this node is on its way into a swarm already: 'swarm info' shows how far it is,"
                + " 'swarm leave --force' gives up",
            e)
        : e;
  }
}
