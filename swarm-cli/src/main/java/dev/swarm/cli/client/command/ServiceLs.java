package dev.swarm.cli.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.swarm.cli.client.command.flag.Flags;
import dev.swarm.cli.client.render.ServiceTable;
import dev.swarm.cli.http.Target;
import java.io.IOException;
import java.util.List;

/** {@code swarm service ls}. */
final class ServiceLs {
  private ServiceLs() {}

  static Command command() {
    return Command.of("service ls", "", 0, 0, "List services", NodeLs.listFlags(), ServiceLs::run);
  }

  private static int run(Context context, Flags flags, List<String> operands) throws IOException {
    Target target = Context.filtered(Target.of("services"), Context.filters(flags));
    JsonNode services =
        context.api().get(flags.on("quiet") ? target : target.with("status", "true"));
    context.print(ServiceTable.render(services, NodeLs.format(flags)));
    return 0;
  }
}
