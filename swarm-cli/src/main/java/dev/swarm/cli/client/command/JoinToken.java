package dev.swarm.cli.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.swarm.cli.client.command.flag.Flags;
import dev.swarm.cli.client.command.flag.UsageError;
import dev.swarm.cli.client.command.flag.Words;
import dev.swarm.cli.terminal.Flag;
import java.io.IOException;
import java.util.List;

/** {@code swarm join-token}. */
final class JoinToken {
  private JoinToken() {}

  static Command command() {
    return Command.of(
        "join-token",
        "(worker|manager)",
        1,
        1,
        "Show or change the token that nodes join with",
        List.of(
            Flag.toggle("quiet", "Only display the token").or('q'),
            Flag.toggle("rotate", "Make a new token")),
        JoinToken::run);
  }

  private static int run(Context context, Flags flags, List<String> operands) throws IOException {
    String role = operands.getFirst();
    boolean worker = role.equals("worker");
    if (!worker && !role.equals("manager")) {
      throw UsageError.conflict("it is 'worker' or 'manager', not " + Words.quoted(role));
    }
    if (flags.on("rotate")) {
      String which = worker ? "rotateWorkerToken" : "rotateManagerToken";
      SwarmUpdate.change(
          context,
          context.swarm(),
          spec -> {},
          swarm -> SwarmUpdate.target(swarm).with(which, "true"));
      if (!flags.on("quiet")) {
        context.print("Successfully rotated " + role + " join token.\n\n");
      }
    }
    if (flags.on("quiet")) {
      JsonNode tokens = context.swarm().path("JoinTokens");
      context.line(tokens.path(worker ? "Worker" : "Manager").asText());
      return 0;
    }
    context.swarm();
    JoinHint.print(context, context.info().path("Swarm").path("NodeID").asText(), role);
    return 0;
  }
}
