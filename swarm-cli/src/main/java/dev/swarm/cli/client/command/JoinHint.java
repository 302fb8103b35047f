package dev.swarm.cli.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;

/** Lines that tell how other machines join. */
final class JoinHint {
  private JoinHint() {}

  /**
   * @param role {@code worker} or {@code manager}
   */
  static void print(Context context, String nodeId, String role) throws IOException {
    JsonNode manager = context.node(nodeId).path("ManagerStatus");
    JsonNode tokens = context.swarm().path("JoinTokens");
    if (manager.isObject()) {
      String token = tokens.path(role.equals("worker") ? "Worker" : "Manager").asText();
      context.print(
          "To add a "
              + role
              + " to this swarm, run the following command:\n\n    swarm join --token "
              + token
              + " "
              + manager.path("Addr").asText()
              + "\n\n");
    }
  }
}
