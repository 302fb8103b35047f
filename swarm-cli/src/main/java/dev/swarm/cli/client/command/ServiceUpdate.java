package dev.swarm.cli.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.swarm.cli.client.command.flag.Flags;
import dev.swarm.cli.client.command.flag.UsageError;
import dev.swarm.cli.client.command.spec.ServiceFlags;
import dev.swarm.cli.client.command.spec.UpdateSpec;
import dev.swarm.cli.http.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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
    List<String> warnings = new ArrayList<>();
    VersionedEdit update =
        new VersionedEdit(
            "service " + reference,
            () -> context.service(reference),
            spec -> {
              UpdateSpec.apply(flags, spec, environment, new ApiReferences(context.api()));
              warnings.clear();
              if (flags.has("image") && !flags.on("no-resolve-image")) {
                ImageDigest.pin(context, spec).ifPresent(warnings::add);
              }
            },
            changed -> send(context, flags, environment, changed));
    VersionedEdit.Done done = update.run(context, service, VersionedEdit.Policy.MERGE);
    context.warn(done.answer());
    warnings.forEach(context::warn);
    context.line(reference);
    return wait(context, flags, reference, done.object());
  }

  private static JsonNode send(
      Context context, Flags flags, Map<String, String> environment, JsonNode service)
      throws IOException {
    JsonNode spec = service.path("Spec");
    Target target = target(service);
    if (!flags.on("with-registry-auth")) {
      return context.api().post(target.with("registryAuthFrom", "spec"), spec);
    }
    String image = spec.path("TaskTemplate").path("ContainerSpec").path("Image").asText();
    return context.api().post(target, spec, RegistryAuth.header(image, environment));
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
