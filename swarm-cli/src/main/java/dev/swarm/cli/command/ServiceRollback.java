package dev.swarm.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.swarm.cli.command.flag.Flags;
import dev.swarm.cli.command.spec.ServiceFlags;
import java.io.IOException;
import java.util.List;

/** {@code swarm service rollback}. */
final class ServiceRollback {
  private ServiceRollback() {}

  static Command command() {
    return Command.of(
        "service rollback",
        "SERVICE",
        1,
        1,
        "Revert changes to a service's configuration",
        ServiceFlags.waiting(),
        ServiceRollback::run);
  }

  private static int run(Context context, Flags flags, List<String> operands) throws IOException {
    String reference = operands.getFirst();
    return rollback(context, flags, reference, context.service(reference));
  }

  static int rollback(Context context, Flags flags, String reference, JsonNode service)
      throws IOException {
    JsonNode answer =
        context
            .api()
            .post(ServiceUpdate.target(service).with("rollback", "previous"), service.path("Spec"));
    context.warn(answer);
    context.line(reference);
    return ServiceUpdate.wait(context, flags, reference, service);
  }
}
