package dev.swarm.cli.client.command;

import dev.swarm.cli.client.command.flag.Flags;
import dev.swarm.cli.http.Target;
import java.io.IOException;
import java.util.List;

/** {@code swarm service rm}. */
final class ServiceRm {
  private ServiceRm() {}

  static Command command() {
    return Command.of(
        "service rm",
        "SERVICE [SERVICE...]",
        1,
        Command.ANY,
        "Remove one or more services",
        List.of(),
        ServiceRm::run);
  }

  private static int run(Context context, Flags flags, List<String> operands) throws IOException {
    return context.forEach(
        operands,
        reference -> {
          context.api().delete(Target.of("services", reference));
          context.line(reference);
        });
  }
}
