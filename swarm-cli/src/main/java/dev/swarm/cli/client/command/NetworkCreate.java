package dev.swarm.cli.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.swarm.cli.client.command.flag.Flags;
import dev.swarm.cli.client.command.spec.NetworkSpecs;
import dev.swarm.cli.http.Target;
import java.io.IOException;
import java.util.List;

/** {@code swarm network create}. */
final class NetworkCreate {
  private NetworkCreate() {}

  static Command command() {
    return Command.of(
        "network create",
        "NETWORK",
        1,
        1,
        "Create a network",
        NetworkSpecs.flags(),
        NetworkCreate::run);
  }

  private static int run(Context context, Flags flags, List<String> operands) throws IOException {
    JsonNode answer =
        context
            .api()
            .post(Target.of("networks", "create"), NetworkSpecs.create(flags, operands.getFirst()));
    String warning = answer.path("Warning").asText();
    if (!warning.isEmpty()) {
      context.err().print(warning + "\n");
    }
    context.line(answer.path("Id").asText());
    return 0;
  }
}
