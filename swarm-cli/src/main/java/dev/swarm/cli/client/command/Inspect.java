package dev.swarm.cli.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.swarm.cli.client.command.flag.Flags;
import dev.swarm.cli.client.command.flag.UsageError;
import dev.swarm.cli.client.render.Inspection;
import dev.swarm.cli.http.DaemonRejection;
import dev.swarm.cli.terminal.Flag;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Shared part of the inspect commands. */
final class Inspect {
  /** Reads one object. */
  interface Reader {
    JsonNode read(String reference) throws IOException;
  }

  /** Writes one object for people. */
  interface Pretty {
    String page(JsonNode object) throws IOException;
  }

  private Inspect() {}

  static List<Flag> flags() {
    return List.of(
        Flag.value("format", "string", "\"json\" or a Go template").or('f'),
        Flag.toggle("pretty", "Print the information in a human friendly format"));
  }

  /** Prints what can be read and reports the rest. */
  static int run(
      Context context,
      Flags flags,
      List<String> references,
      String noun,
      Reader reader,
      Pretty pretty)
      throws IOException {
    String format = flags.text("format");
    boolean forPeople = (flags.knows("pretty") && flags.on("pretty")) || format.equals("pretty");
    if (forPeople && !format.isEmpty() && !format.equals("pretty")) {
      throw UsageError.conflict("--format does not go together with --pretty");
    }
    List<JsonNode> objects = new ArrayList<>();
    List<String> failures = new ArrayList<>();
    for (String reference : references) {
      try {
        objects.add(reader.read(reference));
      } catch (DaemonRejection e) {
        failures.add(
            e.notFound()
                ? "no such " + noun + ": " + reference
                : "Error response from daemon: " + e.getMessage());
      }
    }
    if (!forPeople) {
      context.print(Inspection.render(objects, format));
    } else {
      for (JsonNode object : objects) {
        context.line(pretty.page(object).stripTrailing());
      }
    }
    failures.forEach(failure -> context.err().print(failure + "\n"));
    return failures.isEmpty() ? 0 : 1;
  }
}
