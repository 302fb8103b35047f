package dev.swarm.cli.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.swarm.cli.client.command.flag.Flags;
import dev.swarm.cli.client.render.InfoPage;
import dev.swarm.cli.client.render.Inspection;
import dev.swarm.cli.http.Json;
import dev.swarm.cli.terminal.Flag;
import java.io.IOException;
import java.util.List;

/** {@code swarm info}: this node, and the swarm it is in. */
final class Info {
  private Info() {}

  static Command command() {
    return Command.of(
        "info",
        "",
        0,
        0,
        "Show this node's state and the swarm's settings",
        List.of(Flag.value("format", "string", "\"json\" or a Go template").or('f')),
        Info::run);
  }

  private static int run(Context context, Flags flags, List<String> operands) throws IOException {
    JsonNode info = context.info();
    String format = flags.text("format");
    if (format.isEmpty()) {
      context.print(InfoPage.render(info));
    } else if (format.equals("json")) {
      context.line(Json.text(info));
    } else {
      context.print(Inspection.render(List.of(info), format));
    }
    return 0;
  }
}
