package dev.swarm.cli.client.command;

import dev.swarm.cli.client.command.flag.Flags;
import dev.swarm.cli.http.Json;
import dev.swarm.cli.http.Target;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** {@code swarm unlock}. */
final class Unlock {
  private Unlock() {}

  static Command command() {
    return Command.of(
        "unlock", "", 0, 0, "Unlock this manager with the unlock key", List.of(), Unlock::run);
  }

  private static int run(Context context, Flags flags, List<String> operands) throws IOException {
    String state = context.info().path("Swarm").path("LocalNodeState").asText();
    switch (state) {
      case "locked" -> {}
      case "inactive" -> throw new IOException("this node is not part of a swarm");
      default -> throw new IOException("this node is not locked");
    }
    if (context.surroundings().terminal()) {
      context.print("Enter unlock key: ");
    }
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(context.surroundings().in(), StandardCharsets.UTF_8));
    String line = in.readLine();
    String key = line == null ? "" : line.strip();
    context.api().post(Target.of("swarm", "unlock"), Json.object().put("UnlockKey", key));
    return 0;
  }
}
