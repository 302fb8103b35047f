package dev.swarm.cli.node.engineapi.routes;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.swarm.cli.node.engineapi.http.Exchange;
import dev.swarm.cli.node.engineapi.http.QueryFilters;
import dev.swarm.cli.node.engineapi.json.StoredShapes;
import docker.swarmkit.v1.ConfigSpec;
import docker.swarmkit.v1.CreateConfigRequest;
import docker.swarmkit.v1.ListConfigsRequest;
import docker.swarmkit.v1.RemoveConfigRequest;
import docker.swarmkit.v1.UpdateConfigRequest;
import docker.swarmkit.v1.Version;
import java.io.IOException;
import java.util.Set;

/** Routes under {@code /configs}. */
final class ConfigRoutes {
  private static final Set<String> FILTERS = Set.of("name", "id", "label");

  private final SwarmClient swarm;

  ConfigRoutes(SwarmClient swarm) {
    this.swarm = swarm;
  }

  void list(Exchange exchange) throws IOException {
    QueryFilters filters = QueryFilters.of(exchange, FILTERS);
    var wanted =
        ListConfigsRequest.Filters.newBuilder()
            .addAllNamePrefixes(filters.get("name"))
            .addAllIdPrefixes(filters.get("id"))
            .putAllLabels(filters.pairs("label"));
    ArrayNode out = JsonNodeFactory.instance.arrayNode();
    swarm
        .control()
        .listConfigs(ListConfigsRequest.newBuilder().setFilters(wanted).build())
        .getConfigsList()
        .forEach(config -> out.add(StoredShapes.CONFIG.write(config)));
    exchange.reply(200, out);
  }

  void inspect(Exchange exchange) throws IOException {
    var config = swarm.config(exchange.variable("id"));
    exchange.reply(200, StoredShapes.CONFIG.write(config));
  }

  void create(Exchange exchange) throws IOException {
    ConfigSpec spec = exchange.body(StoredShapes.CONFIG_SPEC, ConfigSpec.class);
    String id =
        swarm
            .control()
            .createConfig(CreateConfigRequest.newBuilder().setSpec(spec).build())
            .getConfig()
            .getId();
    exchange.reply(201, JsonNodeFactory.instance.objectNode().put("ID", id));
  }

  void update(Exchange exchange) throws IOException {
    ConfigSpec spec = exchange.body(StoredShapes.CONFIG_SPEC, ConfigSpec.class);
    long version = exchange.objectVersion("config");
    swarm
        .control()
        .updateConfig(
            UpdateConfigRequest.newBuilder()
                .setConfigId(swarm.config(exchange.variable("id")).getId())
                .setConfigVersion(Version.newBuilder().setIndex(version))
                .setSpec(spec)
                .build());
    exchange.reply(200);
  }

  void remove(Exchange exchange) throws IOException {
    String id = swarm.config(exchange.variable("id")).getId();
    swarm.control().removeConfig(RemoveConfigRequest.newBuilder().setConfigId(id).build());
    exchange.reply(204);
  }
}
