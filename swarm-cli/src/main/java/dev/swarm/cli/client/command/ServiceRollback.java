package dev.swarm.cli.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.swarm.cli.client.command.flag.Flags;
import dev.swarm.cli.client.command.spec.ServiceFlags;
import dev.swarm.cli.http.DaemonRejection;
import dev.swarm.cli.http.Target;
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
        "Take a service's last update back",
        ServiceFlags.waiting(),
        ServiceRollback::run);
  }

  private static int run(Context context, Flags flags, List<String> operands) throws IOException {
    String reference = operands.getFirst();
    return rollback(context, flags, reference, context.service(reference));
  }

  static int rollback(Context context, Flags flags, String reference, JsonNode service)
      throws IOException {
    Target target = ServiceUpdate.target(service).with("rollback", "previous");
    try {
      context.warn(context.api().post(target, service.path("Spec")));
    } catch (DaemonRejection e) {
      // What it would go back to is another thing now.
      throw VersionedEdit.changedByOthers("service " + reference, e);
    }
    context.line(reference);
    return ServiceUpdate.wait(context, flags, reference, service);
  }
}
