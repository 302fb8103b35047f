package dev.swarm.cli.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.client.command.flag.Flags;
import dev.swarm.cli.client.command.stack.Stack;
import dev.swarm.cli.client.render.StackTable;
import dev.swarm.cli.http.Json;
import dev.swarm.cli.http.Target;
import dev.swarm.cli.terminal.Flag;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code swarm stack ls}. */
final class StackLs {
  private StackLs() {}

  static Command command() {
    return Command.of(
        "stack ls",
        "",
        0,
        0,
        "List stacks",
        List.of(
            Flag.value("format", "string", "\"table\", \"json\" or a Go template for each line")),
        StackLs::run);
  }

  private static int run(Context context, Flags flags, List<String> operands) throws IOException {
    ObjectNode filters = Json.object();
    Context.filter(filters, "label", Stack.LABEL);
    JsonNode services = context.api().get(Context.filtered(Target.of("services"), filters));
    Map<String, Integer> stacks = new TreeMap<>();
    for (JsonNode service : services) {
      String name = service.path("Spec").path("Labels").path(Stack.LABEL).asText();
      stacks.merge(name, 1, Integer::sum);
    }
    context.print(StackTable.render(stacks, flags.text("format")));
    return 0;
  }
}
