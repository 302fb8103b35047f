package dev.swarm.cli.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.client.command.flag.Flags;
import dev.swarm.cli.http.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@code swarm node ps}. */
final class NodePs {
  private NodePs() {}

  static Command command() {
    return Command.of(
        "node ps",
        "[NODE...]",
        0,
        Command.ANY,
        "List the tasks of one or more nodes (default this one)",
        TaskListing.flags(),
        NodePs::run);
  }

  private static int run(Context context, Flags flags, List<String> operands) throws IOException {
    List<JsonNode> tasks = new ArrayList<>();
    int code =
        context.forEach(
            operands.isEmpty() ? List.of("self") : operands,
            reference -> {
              JsonNode node = context.node(context.nodeReference(reference));
              ObjectNode filters = Context.filters(flags);
              Context.filter(filters, "node", node.path("ID").asText());
              context.api().get(Context.filtered(Target.of("tasks"), filters)).forEach(tasks::add);
            });
    if (code == 0 || !tasks.isEmpty()) {
      TaskListing.print(context, flags, tasks);
    }
    return code;
  }
}
