package dev.swarm.cli.client.command;

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
          "info",
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
          "secret create",
          "secret ls",
          "secret inspect",
          "secret rm",
          "config create",
          "config ls",
          "config inspect",
          "config rm",
          "network create",
          "network ls",
          "network inspect",
          "network rm",
          "network prune",
          "stack deploy",
          "stack ls",
          "stack ps",
          "stack services",
          "stack rm",
          "stack config",
          "version",
          "completion");

  static final List<String> GROUPS =
      List.of("node", "service", "task", "secret", "config", "network", "stack");

  private Catalog() {}

  static Optional<Command> find(String path) {
    return Optional.ofNullable(
        switch (path) {
          case "init" -> Init.command();
          case "join" -> Join.command();
          case "join-token" -> JoinToken.command();
          case "leave" -> Leave.command();
          case "info" -> Info.command();
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
          case "secret create" -> StoredCreate.command(Stored.SECRET);
          case "secret ls", "secret list" -> StoredLs.command(Stored.SECRET);
          case "secret inspect" -> StoredInspect.command(Stored.SECRET);
          case "secret rm", "secret remove" -> StoredRm.command(Stored.SECRET);
          case "config create" -> StoredCreate.command(Stored.CONFIG);
          case "config ls", "config list" -> StoredLs.command(Stored.CONFIG);
          case "config inspect" -> StoredInspect.command(Stored.CONFIG);
          case "config rm", "config remove" -> StoredRm.command(Stored.CONFIG);
          case "network create" -> NetworkCreate.command();
          case "network ls", "network list" -> NetworkLs.command();
          case "network inspect" -> NetworkInspect.command();
          case "network rm", "network remove" -> NetworkRm.command();
          case "network prune" -> NetworkPrune.command();
          case "stack deploy", "stack up" -> StackDeploy.command();
          case "stack ls", "stack list" -> StackLs.command();
          case "stack ps" -> StackPs.command();
          case "stack services" -> StackServicesLs.command();
          case "stack rm", "stack remove", "stack down" -> StackRm.command();
          case "stack config" -> StackConfig.command();
          case "version" -> Version.command();
          case "completion" -> Completion.command();
          default -> null;
        });
  }

  static Command get(String path) {
    return find(path).orElseThrow(() -> new IllegalStateException("no command " + path));
  }
}
