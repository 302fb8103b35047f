package dev.swarm.cli.client.command;

import dev.swarm.cli.client.command.flag.Flags;
import dev.swarm.cli.http.Target;
import dev.swarm.cli.terminal.Flag;
import java.io.IOException;
import java.util.List;

/** {@code swarm node rm}. */
final class NodeRm {
  private NodeRm() {}

  static Command command() {
    return Command.of(
        "node rm",
        "NODE [NODE...]",
        1,
        Command.ANY,
        "Remove one or more nodes from the swarm",
        List.of(Flag.toggle("force", "Remove a node even if it is not down").or('f')),
        NodeRm::run);
  }

  private static int run(Context context, Flags flags, List<String> operands) throws IOException {
    return context.forEach(
        operands,
        reference -> {
          Target target = Target.of("nodes", reference);
          context.api().delete(flags.on("force") ? target.with("force", "1") : target);
          context.line(reference);
        });
  }
}
