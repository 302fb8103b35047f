package dev.swarm.cli.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.swarm.cli.client.command.flag.Flags;
import dev.swarm.cli.http.Target;
import dev.swarm.cli.terminal.Flag;
import java.io.IOException;
import java.util.List;

/** {@code swarm network prune}. */
final class NetworkPrune {
  private static final String WARNING =
      "WARNING! This will remove all custom networks not used by at least one container or"
          + " service.\nAre you sure you want to continue?";

  private NetworkPrune() {}

  static Command command() {
    return Command.of(
        "network prune",
        "",
        0,
        0,
        "Remove all unused networks",
        List.of(
            Flag.list("filter", "filter", "Remove only what matches (\"label=key=value\")"),
            Flag.toggle("force", "Do not prompt for confirmation").or('f')),
        NetworkPrune::run);
  }

  private static int run(Context context, Flags flags, List<String> operands) throws IOException {
    Target target = Context.filtered(Target.of("networks", "prune"), Context.filters(flags));
    if (!flags.on("force") && !Confirmation.given(context, WARNING)) {
      throw new IOException("network prune has been cancelled");
    }
    JsonNode removed = context.api().post(target, null).path("NetworksDeleted");
    if (!removed.isEmpty()) {
      context.line("Deleted Networks:");
      removed.forEach(name -> context.line(name.asText()));
      context.line("");
    }
    return 0;
  }
}
