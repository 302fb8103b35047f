package dev.swarm.cli.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.swarm.cli.client.command.flag.Flags;
import dev.swarm.cli.client.render.Inspection;
import dev.swarm.cli.http.Target;
import dev.swarm.cli.terminal.Flag;
import java.io.IOException;
import java.util.List;

/** {@code swarm network inspect}. */
final class NetworkInspect {
  private NetworkInspect() {}

  static Command command() {
    return Command.of(
        "network inspect",
        "NETWORK [NETWORK...]",
        1,
        Command.ANY,
        "Display detailed information on one or more networks",
        List.of(
            Flag.value("format", "string", "\"json\" or a Go template").or('f'),
            Flag.toggle("verbose", "Verbose output for diagnostics").or('v')),
        NetworkInspect::run);
  }

  private static int run(Context context, Flags flags, List<String> operands) throws IOException {
    return Inspect.run(
        context,
        flags,
        operands,
        "network",
        reference -> read(context, flags, reference),
        network -> Inspection.render(List.of(network), ""));
  }

  private static JsonNode read(Context context, Flags flags, String reference) throws IOException {
    Target target = Target.of("networks", reference);
    return context.api().get(flags.on("verbose") ? target.with("verbose", "true") : target);
  }
}
