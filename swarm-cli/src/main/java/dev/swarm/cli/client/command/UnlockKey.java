package dev.swarm.cli.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.swarm.cli.client.command.flag.Flags;
import dev.swarm.cli.http.Target;
import dev.swarm.cli.terminal.Flag;
import java.io.IOException;
import java.util.List;

/** {@code swarm unlock-key}. */
final class UnlockKey {
  private UnlockKey() {}

  static Command command() {
    return Command.of(
        "unlock-key",
        "",
        0,
        0,
        "Show or change the unlock key",
        List.of(
            Flag.toggle("quiet", "Only display the key").or('q'),
            Flag.toggle("rotate", "Make a new key")),
        UnlockKey::run);
  }

  private static int run(Context context, Flags flags, List<String> operands) throws IOException {
    if (flags.on("rotate")) {
      JsonNode swarm = context.swarm();
      if (!swarm.path("Spec").path("EncryptionConfig").path("AutoLockManagers").asBoolean()) {
        throw new IOException(
            "cannot rotate the unlock key: autolock is off; 'swarm update --autolock' turns it on");
      }
      SwarmUpdate.change(
          context,
          swarm,
          spec -> {},
          now -> SwarmUpdate.target(now).with("rotateManagerUnlockKey", "true"));
      if (!flags.on("quiet")) {
        context.print("Successfully rotated manager unlock key.\n\n");
      }
    }
    String key = key(context);
    if (key.isEmpty()) {
      throw new IOException("there is no unlock key: autolock is off");
    }
    if (flags.on("quiet")) {
      context.line(key);
    } else {
      print(context);
    }
    return 0;
  }

  private static String key(Context context) throws IOException {
    return context.api().get(Target.of("swarm", "unlockkey")).path("UnlockKey").asText();
  }

  static void print(Context context) throws IOException {
    String key = key(context);
    if (!key.isEmpty()) {
      context.print(
          "To unlock a swarm manager after it restarts, run the `swarm unlock`\n"
              + "command and provide the following key:\n\n    "
              + key
              + "\n\nKeep this key in a password manager: without it the manager cannot be\n"
              + "started again.\n");
    }
  }
}
