package dev.swarm.cli.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;

/** {@code swarm node promote} and {@code swarm node demote}. */
final class NodeRole {
  private NodeRole() {}

  static Command promote() {
    return command(
        "promote", "Make managers of one or more nodes", "manager", "promoted to a manager");
  }

  static Command demote() {
    return command(
        "demote", "Make workers of one or more managers", "worker", "demoted in the swarm");
  }

  private static Command command(String verb, String summary, String role, String done) {
    return Command.of(
        "node " + verb,
        "NODE [NODE...]",
        1,
        Command.ANY,
        summary,
        List.of(),
        (context, flags, operands) -> {
          for (String reference : operands) {
            change(context, reference, role, done);
          }
          return 0;
        });
  }

  private static void change(Context context, String reference, String role, String done)
      throws IOException {
    String id = context.nodeReference(reference);
    JsonNode node = context.node(id);
    if (node.path("Spec").path("Role").asText().equals(role)) {
      context.line("Node " + reference + " is already a " + role + ".");
      return;
    }
    NodeUpdate.change(context, id, node, spec -> spec.put("Role", role));
    boolean manager = role.equals("manager");
    context.line(
        manager
            ? "Node " + reference + " " + done + " in the swarm."
            : "Manager " + reference + " " + done + ".");
  }
}
