package dev.swarm.cli.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.swarm.cli.client.command.flag.Flags;
import dev.swarm.cli.client.command.stack.Stack;
import dev.swarm.cli.http.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** {@code swarm stack ps}. */
final class StackPs {
  private StackPs() {}

  static Command command() {
    return Command.of(
        "stack ps",
        "STACK",
        1,
        1,
        "List the tasks in the stack",
        TaskListing.flags(),
        StackPs::run);
  }

  private static int run(Context context, Flags flags, List<String> operands) throws IOException {
    Stack stack = StackSelection.named(operands.getFirst());
    Target target = new StackSelection(context, stack).target("tasks", Context.filters(flags));
    Set<String> services = new TreeSet<>();
    for (JsonNode service : new StackSelection(context, stack).all("services")) {
      services.add(service.path("ID").asText());
    }
    // The tasks of a service that was removed end a while after it, and have no name any more.
    List<JsonNode> tasks = new ArrayList<>();
    for (JsonNode task : context.api().get(target)) {
      if (services.contains(task.path("ServiceID").asText())) {
        tasks.add(task);
      }
    }
    if (tasks.isEmpty()) {
      throw new IOException("nothing found in stack: " + stack.name());
    }
    TaskListing.print(context, flags, tasks);
    return 0;
  }
}
