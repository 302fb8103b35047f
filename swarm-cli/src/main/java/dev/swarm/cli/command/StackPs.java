package dev.swarm.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.swarm.cli.client.Target;
import dev.swarm.cli.command.flag.Flags;
import dev.swarm.cli.command.stack.Stack;
import java.io.IOException;
import java.util.List;

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
    JsonNode tasks = context.api().get(target);
    if (tasks.isEmpty()) {
      throw new IOException("nothing found in stack: " + stack.name());
    }
    TaskListing.print(context, flags, tasks);
    return 0;
  }
}
