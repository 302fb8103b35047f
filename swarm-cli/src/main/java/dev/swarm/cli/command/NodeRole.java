package dev.swarm.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;

/** {@code swarm node promote} and {@code swarm node demote}. */
final class NodeRole {
  private NodeRole() {}

  static Command promote() {
    return command(
        "promote",
        "Promote one or more nodes to manager in the swarm",
        "manager",
        "promoted to a manager");
  }

  static Command demote() {
    return command(
        "demote",
        "Demote one or more nodes from manager in the swarm",
        "worker",
        "demoted in the swarm");
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
    JsonNode node = context.node(context.nodeReference(reference));
    ObjectNode spec = SwarmSpecFlags.child((ObjectNode) node, "Spec");
    if (spec.path("Role").asText().equals(role)) {
      context.line("Node " + reference + " is already a " + role + ".");
      return;
    }
    spec.put("Role", role);
    NodeUpdate.send(context, node);
    boolean manager = role.equals("manager");
    context.line(
        manager
            ? "Node " + reference + " " + done + " in the swarm."
            : "Manager " + reference + " " + done + ".");
  }
}
