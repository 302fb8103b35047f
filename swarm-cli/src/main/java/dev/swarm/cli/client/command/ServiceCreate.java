package dev.swarm.cli.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.client.command.flag.Flags;
import dev.swarm.cli.client.command.spec.CreateSpec;
import dev.swarm.cli.client.command.spec.ServiceFlags;
import dev.swarm.cli.http.Target;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code swarm service create}. */
final class ServiceCreate {
  private ServiceCreate() {}

  static Command command() {
    return Command.of(
            "service create",
            "IMAGE [COMMAND] [ARG...]",
            1,
            Command.ANY,
            "Create a new service",
            ServiceFlags.create(),
            ServiceCreate::run)
        .withFlagsFirst();
  }

  private static int run(Context context, Flags flags, List<String> operands) throws IOException {
    Map<String, String> environment = context.surroundings().environment();
    ObjectNode spec = CreateSpec.of(flags, operands, environment, new ApiReferences(context.api()));
    Map<String, String> headers =
        flags.on("with-registry-auth")
            ? RegistryAuth.header(operands.getFirst(), environment)
            : Map.of();
    Optional<String> unpinned =
        flags.on("no-resolve-image") ? Optional.empty() : ImageDigest.pin(context, spec);
    JsonNode answer = context.api().post(Target.of("services", "create"), spec, headers);
    context.warn(answer);
    unpinned.ifPresent(context::warn);
    String id = answer.path("ID").asText();
    context.line(id);
    String name = flags.has("name") ? flags.text("name") : id;
    return flags.on("detach")
        ? 0
        : Convergence.await(context, new Convergence.Watched(id, name), flags.on("quiet"));
  }
}
