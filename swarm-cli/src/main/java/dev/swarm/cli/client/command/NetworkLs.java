package dev.swarm.cli.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.swarm.cli.client.command.flag.Flags;
import dev.swarm.cli.client.render.NetworkTable;
import dev.swarm.cli.http.Target;
import dev.swarm.cli.terminal.Flag;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@code swarm network ls}. */
final class NetworkLs {
  private NetworkLs() {}

  static Command command() {
    List<Flag> flags = new ArrayList<>(NodeLs.listFlags());
    flags.add(Flag.toggle("no-trunc", "Show everything in full"));
    return Command.of("network ls", "", 0, 0, "List networks", List.copyOf(flags), NetworkLs::run);
  }

  private static int run(Context context, Flags flags, List<String> operands) throws IOException {
    JsonNode networks =
        context.api().get(Context.filtered(Target.of("networks"), Context.filters(flags)));
    context.print(NetworkTable.render(networks, NodeLs.format(flags), flags.on("no-trunc")));
    return 0;
  }
}
