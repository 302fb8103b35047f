package dev.swarm.cli.client.command;

import dev.swarm.cli.client.command.flag.Flags;
import dev.swarm.cli.http.Target;
import dev.swarm.cli.terminal.Flag;
import java.io.IOException;
import java.util.List;

/** {@code swarm leave}. */
final class Leave {
  private Leave() {}

  static Command command() {
    return Command.of(
        "leave",
        "",
        0,
        0,
        "Leave the swarm",
        List.of(
            Flag.toggle(
                    "force", "Leave even if this is a manager, and the swarm may be lost with it")
                .or('f')),
        Leave::run);
  }

  private static int run(Context context, Flags flags, List<String> operands) throws IOException {
    Target target = Target.of("swarm", "leave");
    context.api().post(flags.on("force") ? target.with("force", "1") : target, null);
    context.line("Node left the swarm.");
    return 0;
  }
}
