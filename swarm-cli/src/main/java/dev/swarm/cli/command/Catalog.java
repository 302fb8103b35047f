package dev.swarm.cli.command;

import java.util.List;
import java.util.Optional;

/** Every client command by its words. Only the one asked for is made. */
final class Catalog {
  /** In the order help lists them. */
  static final List<String> PATHS =
      List.of(
          "init",
          "join",
          "join-token",
          "leave",
          "update",
          "ca",
          "unlock",
          "unlock-key",
          "node ls",
          "node inspect",
          "node ps",
          "node update",
          "node promote",
          "node demote",
          "node rm",
          "service create",
          "service ls",
          "service ps",
          "service inspect",
          "service update",
          "service scale",
          "service rollback",
          "service logs",
          "service rm",
          "task ls",
          "task inspect",
          "version",
          "completion");

  static final List<String> GROUPS = List.of("node", "service", "task");

  private Catalog() {}

  static Optional<Command> find(String path) {
    return Optional.ofNullable(
        switch (path) {
          case "init" -> Init.command();
          case "join" -> Join.command();
          case "join-token" -> JoinToken.command();
          case "leave" -> Leave.command();
          case "update" -> SwarmUpdate.command();
          case "ca" -> Ca.command();
          case "unlock" -> Unlock.command();
          case "unlock-key" -> UnlockKey.command();
          case "node ls", "node list" -> NodeLs.command();
          case "node inspect" -> NodeInspect.command();
          case "node ps" -> NodePs.command();
          case "node update" -> NodeUpdate.command();
          case "node promote" -> NodeRole.promote();
          case "node demote" -> NodeRole.demote();
          case "node rm", "node remove" -> NodeRm.command();
          case "service create" -> ServiceCreate.command();
          case "service ls", "service list" -> ServiceLs.command();
          case "service ps" -> ServicePs.command();
          case "service inspect" -> ServiceInspect.command();
          case "service update" -> ServiceUpdate.command();
          case "service scale" -> ServiceScale.command();
          case "service rollback" -> ServiceRollback.command();
          case "service logs" -> ServiceLogs.command();
          case "service rm", "service remove" -> ServiceRm.command();
          case "task ls", "task list" -> TaskLs.command();
          case "task inspect" -> TaskInspect.command();
          case "version" -> Version.command();
          case "completion" -> Completion.command();
          default -> null;
        });
  }

  static Command get(String path) {
    return find(path).orElseThrow(() -> new IllegalStateException("no command " + path));
  }
}
