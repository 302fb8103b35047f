package dev.swarm.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.client.Target;
import dev.swarm.cli.command.flag.Flags;
import dev.swarm.cli.command.flag.UsageError;
import dev.swarm.cli.command.spec.ServiceFlags;
import dev.swarm.cli.command.spec.UpdateSpec;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code swarm service update}. */
final class ServiceUpdate {
  private static final List<String> BESIDE_ROLLBACK =
      List.of("rollback", "detach", "quiet", "host");

  private ServiceUpdate() {}

  static Command command() {
    return Command.of(
        "service update",
        "SERVICE",
        1,
        1,
        "Update a service",
        ServiceFlags.update(),
        ServiceUpdate::run);
  }

  private static int run(Context context, Flags flags, List<String> operands) throws IOException {
    String reference = operands.getFirst();
    JsonNode service = context.service(reference);
    if (flags.on("rollback")) {
      for (String name : flags.names()) {
        if (!BESIDE_ROLLBACK.contains(name)) {
          throw UsageError.conflict("--rollback does not go together with --" + name);
        }
      }
      return ServiceRollback.rollback(context, flags, reference, service);
    }
    Map<String, String> environment = context.surroundings().environment();
    ObjectNode spec = SwarmSpecFlags.child((ObjectNode) service, "Spec");
    UpdateSpec.apply(flags, spec, environment, new ApiReferences(context.api()));
    Target target = target(service);
    Map<String, String> headers = Map.of();
    if (flags.on("with-registry-auth")) {
      String image = spec.path("TaskTemplate").path("ContainerSpec").path("Image").asText();
      headers = RegistryAuth.header(image, environment);
    } else {
      target = target.with("registryAuthFrom", "spec");
    }
    Optional<String> unpinned =
        flags.has("image") && !flags.on("no-resolve-image")
            ? ImageDigest.pin(context, spec)
            : Optional.empty();
    context.warn(context.api().post(target, spec, headers));
    unpinned.ifPresent(context::warn);
    context.line(reference);
    return wait(context, flags, reference, service);
  }

  /** Where an update of the service as it was read goes. */
  static Target target(JsonNode service) {
    return Target.of("services", service.path("ID").asText(), "update")
        .with("version", service.path("Version").path("Index").asText());
  }

  static int wait(Context context, Flags flags, String reference, JsonNode service)
      throws IOException {
    Convergence.Watched watched = new Convergence.Watched(service.path("ID").asText(), reference);
    return flags.on("detach") ? 0 : Convergence.await(context, watched, flags.on("quiet"));
  }
}
