package dev.swarm.cli.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.swarm.cli.client.command.flag.Flags;
import dev.swarm.cli.client.command.stack.Stack;
import dev.swarm.cli.client.render.ServiceTable;
import dev.swarm.cli.http.Target;
import java.io.IOException;
import java.util.List;

/** {@code swarm stack services}. */
final class StackServicesLs {
  private StackServicesLs() {}

  static Command command() {
    return Command.of(
        "stack services",
        "STACK",
        1,
        1,
        "List the services in the stack",
        NodeLs.listFlags(),
        StackServicesLs::run);
  }

  private static int run(Context context, Flags flags, List<String> operands) throws IOException {
    Stack stack = StackSelection.named(operands.getFirst());
    Target target = new StackSelection(context, stack).target("services", Context.filters(flags));
    JsonNode services =
        context.api().get(flags.on("quiet") ? target : target.with("status", "true"));
    if (services.isEmpty()) {
      context.err().print("Nothing found in stack: " + stack.name() + "\n");
      return 0;
    }
    context.print(ServiceTable.render(services, NodeLs.format(flags)));
    return 0;
  }
}
