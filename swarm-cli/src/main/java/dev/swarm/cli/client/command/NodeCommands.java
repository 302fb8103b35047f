package dev.swarm.cli.client.command;

import dev.swarm.cli.terminal.Flag;
import java.util.List;
import java.util.Optional;

/**
 * Commands of the node's half of the program as far as the client knows them: for its help and for
 * completion. Their code is not on its class path.
 */
public final class NodeCommands {
  private NodeCommands() {}

  /** {@code daemon} or {@code demo}. */
  public static Optional<Command> find(String path) {
    return switch (path) {
      case "daemon" -> Optional.of(command("daemon", "Run a node of a swarm", daemon()));
      case "demo" ->
          Optional.of(
              command(
                  "demo",
                  "Play a whole swarm's life on this machine",
                  List.of(Flag.toggle("keep", ""), Flag.value("port", "PORT", ""))));
      default -> Optional.empty();
    };
  }

  private static List<Flag> daemon() {
    return List.of(
        Flag.value("data-dir", "DIR", ""),
        Flag.value("default-address-pool", "base=CIDR,size=BITS", ""),
        Flag.value("engine", "URL", ""),
        Flag.list("host", "URL", "").or('H'),
        Flag.value("hostname", "NAME", ""),
        Flag.toggle("insecure-tcp", ""),
        Flag.value("listen-addr", "HOST:PORT", ""),
        Flag.value("log-level", "LEVEL", "").or('l').of("debug", "info", "warn", "error"),
        Flag.value("process-user", "USER", ""),
        Flag.value("process-users", "FIRST-LAST", ""),
        Flag.list("runtime", "NAME", "").of("process"),
        Flag.value("swarm-default-advertise-addr", "ADDR", ""),
        Flag.value("tlscacert", "FILE", ""),
        Flag.value("tlscert", "FILE", ""),
        Flag.value("tlskey", "FILE", ""),
        Flag.toggle("tlsverify", ""));
  }

  private static Command command(String path, String summary, List<Flag> flags) {
    return Command.of(
        path,
        "",
        0,
        0,
        summary,
        flags,
        (context, given, operands) -> {
          throw new IllegalStateException(path + " is the launcher's to start");
        });
  }
}
