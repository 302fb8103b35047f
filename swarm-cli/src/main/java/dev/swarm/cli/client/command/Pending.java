package dev.swarm.cli.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.swarm.cli.http.DaemonRejection;
import dev.swarm.cli.http.OwnWords;
import java.io.IOException;

/** Explains the errors of a node that asked to join a swarm and is not in it yet. */
final class Pending {
  private Pending() {}

  /**
   * What is so where the node is on its way: "already part of a swarm" is true of members only, and
   * "timeout" does not say what nobody answered to.
   */
  static IOException explained(Context context, DaemonRejection e) throws IOException {
    String message = String.valueOf(e.getMessage());
    boolean timedOut = message.contains("will continue in the background");
    if (!timedOut && !message.contains("already part of a swarm")) {
      return e;
    }
    JsonNode swarm = context.info().path("Swarm");
    if (!swarm.path("LocalNodeState").asText().equals("pending")) {
      return e;
    }
    String error = OwnWords.of(swarm.path("Error").asText());
    return new IOException(
        (timedOut ? "this node was not let in yet" : "this node is on its way into a swarm already")
            + (error.isEmpty() ? "" : " (" + error + ")")
            + (timedOut ? ", and goes on trying in the background" : "")
            + ": 'swarm info' shows how far it is, 'swarm leave' gives up",
        e);
  }
}
