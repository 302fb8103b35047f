package dev.swarm.cli.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.swarm.cli.client.command.flag.Flags;
import dev.swarm.cli.http.Target;
import dev.swarm.cli.terminal.Flag;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;

/** {@code swarm update}. */
final class SwarmUpdate {
  private SwarmUpdate() {}

  static Command command() {
    return Command.of(
        "update",
        "",
        0,
        0,
        "Change the swarm's settings",
        SwarmSpecFlags.cluster().stream().map(Flag::ofChange).toList(),
        SwarmUpdate::run);
  }

  /** Where an update of the cluster as it was read goes. */
  static Target target(JsonNode swarm) {
    return Target.of("swarm", "update")
        .with("version", swarm.path("Version").path("Index").asText());
  }

  /** Changes the cluster as it was read. */
  static void change(
      Context context, JsonNode swarm, VersionedEdit.Edit edit, Function<JsonNode, Target> target)
      throws IOException {
    new VersionedEdit(
            "the swarm",
            context::swarm,
            edit,
            now -> context.api().post(target.apply(now), now.path("Spec")))
        .run(context, swarm, VersionedEdit.Policy.MERGE);
  }

  private static int run(Context context, Flags flags, List<String> operands) throws IOException {
    if (!flags.names().iterator().hasNext()) {
      context.print(Help.command(command()));
      return 0;
    }
    JsonNode swarm = context.swarm();
    String root = swarm.path("TLSInfo").path("TrustRoot").asText();
    boolean locked =
        swarm.path("Spec").path("EncryptionConfig").path("AutoLockManagers").asBoolean();
    change(
        context,
        swarm,
        spec -> {
          SwarmSpecFlags.apply(flags, spec);
          SwarmSpecFlags.applyCa(flags, spec, root);
        },
        SwarmUpdate::target);
    context.line("Swarm updated.");
    if (flags.on("autolock") && !locked) {
      UnlockKey.print(context);
    }
    return 0;
  }
}
