package dev.swarm.cli.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.client.command.flag.Flags;
import dev.swarm.cli.client.render.Inspection;
import dev.swarm.cli.http.Json;
import dev.swarm.cli.http.Target;
import dev.swarm.cli.terminal.Flag;
import java.io.IOException;
import java.util.List;

/** {@code swarm version}: the client's and, when it answers, the daemon's. */
final class Version {
  /** The client's own version. */
  static final String CLIENT = "0.1.0";

  /** The newest Engine API version this client knows. */
  private static final String API = "1.47";

  private Version() {}

  static Command command() {
    return Command.of(
        "version",
        "",
        0,
        0,
        "Show the versions of client and daemon",
        List.of(Flag.value("format", "string", "\"json\" or a Go template").or('f')),
        Version::run);
  }

  private static int run(Context context, Flags flags, List<String> operands) throws IOException {
    ObjectNode all = Json.object();
    all.putObject("Client")
        .put("Version", CLIENT)
        .put("ApiVersion", API)
        .put("JavaVersion", Runtime.version().toString())
        .put("Os", System.getProperty("os.name"))
        .put("Arch", System.getProperty("os.arch"));
    String format = flags.text("format");
    if (format.isEmpty()) {
      context.print(page("Client", all.path("Client")));
    }
    JsonNode server = context.api().get(Target.of("version"));
    all.set("Server", server);
    if (format.isEmpty()) {
      context.print("\n" + page("Server", server));
    } else if (format.equals("json")) {
      context.line(Json.text(all));
    } else {
      context.print(Inspection.render(List.of(all), format));
    }
    return 0;
  }

  private static String page(String head, JsonNode side) {
    StringBuilder page = new StringBuilder(head).append(":\n");
    line(page, "Version:", side.path("Version"));
    line(page, "API version:", side.path("ApiVersion"));
    line(page, "Minimum API version:", side.path("MinAPIVersion"));
    line(page, "Java version:", side.path("JavaVersion"));
    line(page, "Git commit:", side.path("GitCommit"));
    String platform = side.path("Os").asText() + "/" + side.path("Arch").asText();
    return page.append(" OS/Arch:             ").append(platform).append('\n').toString();
  }

  private static void line(StringBuilder page, String label, JsonNode value) {
    if (!value.asText().isEmpty()) {
      page.append(' ').append(label).repeat(' ', 21 - label.length());
      page.append(value.asText()).append('\n');
    }
  }
}
