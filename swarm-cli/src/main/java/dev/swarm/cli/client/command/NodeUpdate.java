package dev.swarm.cli.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.client.command.flag.Flags;
import dev.swarm.cli.client.command.flag.UsageError;
import dev.swarm.cli.client.command.flag.Words;
import dev.swarm.cli.http.Target;
import dev.swarm.cli.terminal.Flag;
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
                    "Whether tasks run there (\"active\", \"pause\", \"drain\")")
                .of("active", "pause", "drain"),
            Flag.list("label-add", "list", "Add or update a node label (\"key=value\")"),
            Flag.list("label-rm", "list", "Remove a node label by its key"),
            Flag.value("role", "string", "Role of the node (\"worker\", \"manager\")")
                .of("worker", "manager")),
        NodeUpdate::run);
  }

  private static int run(Context context, Flags flags, List<String> operands) throws IOException {
    String reference = context.nodeReference(operands.getFirst());
    change(context, reference, context.node(reference), spec -> edit(flags, spec));
    context.line(operands.getFirst());
    return 0;
  }

  /** Changes a node that was read already. */
  static void change(Context context, String reference, JsonNode node, VersionedEdit.Edit edit)
      throws IOException {
    new VersionedEdit(
            "node " + reference, () -> context.node(reference), edit, now -> send(context, now))
        .run(context, node, VersionedEdit.Policy.MERGE);
  }

  private static JsonNode send(Context context, JsonNode node) throws IOException {
    Target target =
        Target.of("nodes", node.path("ID").asText(), "update")
            .with("version", node.path("Version").path("Index").asText());
    return context.api().post(target, node.path("Spec"));
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
