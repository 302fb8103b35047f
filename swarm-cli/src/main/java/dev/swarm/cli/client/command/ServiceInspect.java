package dev.swarm.cli.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.swarm.cli.client.command.flag.Flags;
import dev.swarm.cli.client.render.ServicePage;
import dev.swarm.cli.http.Target;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** {@code swarm service inspect}. */
final class ServiceInspect {
  private ServiceInspect() {}

  static Command command() {
    return Command.of(
        "service inspect",
        "SERVICE [SERVICE...]",
        1,
        Command.ANY,
        "Display detailed information on one or more services",
        Inspect.flags(),
        ServiceInspect::run);
  }

  private static int run(Context context, Flags flags, List<String> operands) throws IOException {
    Names names = new Names(context, true);
    Instant now = context.surroundings().clock().instant();
    return Inspect.run(
        context,
        flags,
        operands,
        "service",
        reference -> read(context, reference),
        service -> ServicePage.render(service, names::network, now));
  }

  private static JsonNode read(Context context, String reference) throws IOException {
    return context.api().get(Target.of("services", reference).with("insertDefaults", "true"));
  }
}
