package dev.swarm.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.client.Target;
import dev.swarm.cli.command.flag.Flags;
import java.io.IOException;
import java.util.List;

/** {@code swarm update}. */
final class SwarmUpdate {
  private SwarmUpdate() {}

  static Command command() {
    return Command.of(
        "update", "", 0, 0, "Update the swarm", SwarmSpecFlags.cluster(), SwarmUpdate::run);
  }

  /** Where an update of the cluster as it was read goes. */
  static Target target(JsonNode swarm) {
    return Target.of("swarm", "update")
        .with("version", swarm.path("Version").path("Index").asText());
  }

  private static int run(Context context, Flags flags, List<String> operands) throws IOException {
    if (!flags.names().iterator().hasNext()) {
      context.print(Help.command(command()));
      return 0;
    }
    JsonNode swarm = context.swarm();
    ObjectNode spec = SwarmSpecFlags.child((ObjectNode) swarm, "Spec");
    boolean locked = spec.path("EncryptionConfig").path("AutoLockManagers").asBoolean();
    SwarmSpecFlags.apply(flags, spec);
    SwarmSpecFlags.applyCa(flags, spec, swarm.path("TLSInfo").path("TrustRoot").asText());
    context.api().post(target(swarm), spec);
    context.line("Swarm updated.");
    if (flags.on("autolock") && !locked) {
      UnlockKey.print(context);
    }
    return 0;
  }
}
