package dev.swarm.cli.node.engineapi.routes;

import dev.swarm.cli.node.engineapi.http.Route;
import dev.swarm.cli.node.engineapi.proxy.Versions;
import dev.swarm.core.port.Clock;
import dev.swarm.core.port.IdSource;
import io.grpc.Channel;
import io.grpc.Context;
import java.util.List;
import java.util.function.Supplier;

/** Every route that is ours. */
public final class RouteTable {
  private static final int SECRETS_SINCE = 25;
  private static final int CONFIGS_SINCE = 30;

  private RouteTable() {}

  /**
   * @param open addresses at which everybody is let in, for warnings
   * @param serving cancelled when the server stops
   */
  public static List<Route> of(
      Versions versions,
      LocalMembership node,
      Supplier<Channel> leader,
      IdSource ids,
      SwarmEvents swarmEvents,
      Clock clock,
      List<String> open,
      Context serving) {
    SwarmClient client = new SwarmClient(node, leader);
    SystemRoutes system = new SystemRoutes(versions, node, client, versions.engine(), open);
    SwarmRoutes swarm = new SwarmRoutes(client, node);
    NodeRoutes nodes = new NodeRoutes(client, new RoleChange(client, clock));
    ServiceRoutes services = new ServiceRoutes(client, ids);
    TaskRoutes tasks = new TaskRoutes(client);
    var secrets = new PayloadRoutes<>(new Secrets(client));
    var configs = new PayloadRoutes<>(new Configs(client));
    NetworkRoutes networks = new NetworkRoutes(client, node, versions.engine());
    NetworkPruning pruning = new NetworkPruning(client, node, versions.engine(), clock);
    ContainerRoutes containers = new ContainerRoutes(versions.engine());
    PlaceRoutes places = new PlaceRoutes(node, versions.engine());
    EventRoutes events = new EventRoutes(swarmEvents, versions.engine(), clock, serving);
    LogRoutes logs = new LogRoutes(client, serving);
    return List.of(
        Route.of("GET", "/_ping", system::ping),
        Route.of("HEAD", "/_ping", system::pingHead),
        Route.of("GET", "/version", system::version),
        Route.of("GET", "/info", system::info),
        Route.of("GET", "/events", events::stream),
        Route.of("GET", "/swarm", swarm::inspect),
        Route.of("POST", "/swarm/init", watched(swarm::init, swarmEvents)),
        Route.of("POST", "/swarm/join", watched(swarm::join, swarmEvents)),
        Route.of("POST", "/swarm/leave", swarm::leave),
        Route.of("POST", "/swarm/update", swarm::update),
        Route.of("GET", "/swarm/unlockkey", swarm::unlockKey),
        Route.of("POST", "/swarm/unlock", swarm::unlock),
        Route.of("GET", "/nodes", nodes::list),
        Route.of("GET", "/nodes/{id}", nodes::inspect),
        Route.of("DELETE", "/nodes/{id}", nodes::remove),
        Route.of("POST", "/nodes/{id}/update", nodes::update),
        Route.of("GET", "/services", services::list),
        Route.of("POST", "/services/create", services::create),
        Route.of("GET", "/services/{id}", services::inspect),
        Route.of("DELETE", "/services/{id}", services::remove),
        Route.of("POST", "/services/{id}/update", services::update),
        Route.of("GET", "/services/{id}/logs", logs::ofService),
        Route.of("GET", "/tasks", tasks::list),
        Route.of("GET", "/tasks/{id}", tasks::inspect),
        Route.of("GET", "/tasks/{id}/logs", logs::ofTask),
        Route.of("GET", "/secrets", secrets::list).since(SECRETS_SINCE),
        Route.of("POST", "/secrets/create", secrets::create).since(SECRETS_SINCE),
        Route.of("GET", "/secrets/{id}", secrets::inspect).since(SECRETS_SINCE),
        Route.of("DELETE", "/secrets/{id}", secrets::remove).since(SECRETS_SINCE),
        Route.of("POST", "/secrets/{id}/update", secrets::update).since(SECRETS_SINCE),
        Route.of("GET", "/configs", configs::list).since(CONFIGS_SINCE),
        Route.of("POST", "/configs/create", configs::create).since(CONFIGS_SINCE),
        Route.of("GET", "/configs/{id}", configs::inspect).since(CONFIGS_SINCE),
        Route.of("DELETE", "/configs/{id}", configs::remove).since(CONFIGS_SINCE),
        Route.of("POST", "/configs/{id}/update", configs::update).since(CONFIGS_SINCE),
        Route.of("GET", "/containers/json", containers::list),
        Route.of("POST", "/containers/create", places::create),
        Route.of("POST", "/networks/{id}/connect", places::connect),
        Route.of("POST", "/networks/{id}/disconnect", places::disconnect),
        Route.of("GET", "/networks", networks::list),
        Route.of("GET", "/networks/", networks::list),
        Route.of("POST", "/networks/create", networks::create),
        Route.of("POST", "/networks/prune", pruning::prune),
        Route.of("GET", "/networks/{id}", networks::inspect),
        Route.of("DELETE", "/networks/{id}", networks::remove));
  }

  /** What the swarm does next is told from the very beginning. */
  private static Route.Action watched(Route.Action action, SwarmEvents events) {
    return exchange -> {
      action.run(exchange);
      events.attend();
    };
  }
}
