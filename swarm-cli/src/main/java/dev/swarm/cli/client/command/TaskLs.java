package dev.swarm.cli.client.command;

import dev.swarm.cli.client.command.flag.Flags;
import dev.swarm.cli.http.Target;
import java.io.IOException;
import java.util.List;

/** {@code swarm task ls}: every task of the cluster. */
final class TaskLs {
  private TaskLs() {}

  static Command command() {
    return Command.of("task ls", "", 0, 0, "List tasks", TaskListing.flags(), TaskLs::run);
  }

  private static int run(Context context, Flags flags, List<String> operands) throws IOException {
    Target target = Context.filtered(Target.of("tasks"), Context.filters(flags));
    TaskListing.print(context, flags, context.api().get(target));
    return 0;
  }
}
