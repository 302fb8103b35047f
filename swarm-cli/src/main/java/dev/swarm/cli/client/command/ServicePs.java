package dev.swarm.cli.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.client.command.flag.Flags;
import dev.swarm.cli.http.DaemonRejection;
import dev.swarm.cli.http.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@code swarm service ps}. */
final class ServicePs {
  private ServicePs() {}

  static Command command() {
    return Command.of(
        "service ps",
        "SERVICE [SERVICE...]",
        1,
        Command.ANY,
        "List the tasks of one or more services",
        TaskListing.flags(),
        ServicePs::run);
  }

  private static int run(Context context, Flags flags, List<String> operands) throws IOException {
    ObjectNode filters = Context.filters(flags);
    List<String> missing = new ArrayList<>();
    for (String reference : operands) {
      try {
        Context.filter(filters, "service", context.service(reference).path("ID").asText());
      } catch (DaemonRejection e) {
        if (!e.notFound()) {
          throw e;
        }
        missing.add("no such service: " + reference);
      }
    }
    if (missing.size() < operands.size()) {
      resolveNodes(context, filters);
      JsonNode tasks = context.api().get(Context.filtered(Target.of("tasks"), filters));
      TaskListing.print(context, flags, tasks);
    }
    missing.forEach(message -> context.err().print(message + "\n"));
    return missing.isEmpty() ? 0 : 1;
  }

  private static void resolveNodes(Context context, ObjectNode filters) throws IOException {
    if (filters.path("node") instanceof ObjectNode nodes && nodes.has("self")) {
      nodes.remove("self");
      nodes.put(context.nodeReference("self"), true);
    }
  }
}
