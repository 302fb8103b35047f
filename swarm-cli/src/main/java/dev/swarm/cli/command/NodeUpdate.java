package dev.swarm.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.client.Target;
import dev.swarm.cli.command.flag.Flag;
import dev.swarm.cli.command.flag.Flags;
import dev.swarm.cli.command.flag.UsageError;
import dev.swarm.cli.command.flag.Words;
import java.io.IOException;
import java.util.List;

/** {@code swarm node update}. */
final class NodeUpdate {
  private NodeUpdate() {}

  static Command command() {
    return Command.of(
        "node update",
        "NODE",
        1,
        1,
        "Update a node",
        List.of(
            Flag.value(
                    "availability",
                    "string",
                    "Availability of the node (\"active\", \"pause\", \"drain\")")
                .of("active", "pause", "drain"),
            Flag.list("label-add", "list", "Add or update a node label (\"key=value\")"),
            Flag.list("label-rm", "list", "Remove a node label if exists"),
            Flag.value("role", "string", "Role of the node (\"worker\", \"manager\")")
                .of("worker", "manager")),
        NodeUpdate::run);
  }

  private static int run(Context context, Flags flags, List<String> operands) throws IOException {
    JsonNode node = context.node(context.nodeReference(operands.getFirst()));
    edit(flags, SwarmSpecFlags.child((ObjectNode) node, "Spec"));
    send(context, node);
    context.line(operands.getFirst());
    return 0;
  }

  /** Sends the node's spec back, on condition that nobody changed it meanwhile. */
  static void send(Context context, JsonNode node) throws IOException {
    Target target =
        Target.of("nodes", node.path("ID").asText(), "update")
            .with("version", node.path("Version").path("Index").asText());
    context.api().post(target, node.path("Spec"));
  }

  private static void edit(Flags flags, ObjectNode spec) {
    if (flags.has("role")) {
      spec.put("Role", flags.text("role"));
    }
    if (flags.has("availability")) {
      spec.put("Availability", flags.text("availability"));
    }
    ObjectNode labels = SwarmSpecFlags.child(spec, "Labels");
    Words.map(flags.all("label-add")).forEach(labels::put);
    for (String key : flags.all("label-rm")) {
      if (labels.remove(key) == null) {
        throw UsageError.conflict("--label-rm " + key + ": the node has no such label");
      }
    }
  }
}
