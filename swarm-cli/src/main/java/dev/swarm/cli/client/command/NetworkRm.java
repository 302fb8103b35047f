package dev.swarm.cli.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.swarm.cli.client.command.flag.Flags;
import dev.swarm.cli.http.DaemonRejection;
import dev.swarm.cli.http.Target;
import dev.swarm.cli.terminal.Flag;
import java.io.IOException;
import java.util.List;

/** {@code swarm network rm}. */
final class NetworkRm {
  private static final String INGRESS_WARNING =
      "WARNING! Without its routing-mesh network the swarm publishes no ports in ingress mode.\n"
          + "Are you sure you want to continue?";

  private NetworkRm() {}

  static Command command() {
    return Command.of(
        "network rm",
        "NETWORK [NETWORK...]",
        1,
        Command.ANY,
        "Remove one or more networks",
        List.of(Flag.toggle("force", "No error where there is no such network").or('f')),
        NetworkRm::run);
  }

  private static int run(Context context, Flags flags, List<String> operands) throws IOException {
    return context.forEach(operands, reference -> remove(context, flags, reference));
  }

  private static void remove(Context context, Flags flags, String reference) throws IOException {
    Target target = Target.of("networks", reference);
    try {
      JsonNode network = context.api().get(target);
      if (network.path("Ingress").asBoolean() && !Confirmation.given(context, INGRESS_WARNING)) {
        return;
      }
      context.api().delete(target);
    } catch (DaemonRejection e) {
      if (flags.on("force") && e.notFound()) {
        return;
      }
      throw e;
    }
    context.line(reference);
  }
}
