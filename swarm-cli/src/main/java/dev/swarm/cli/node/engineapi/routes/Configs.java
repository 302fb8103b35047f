package dev.swarm.cli.node.engineapi.routes;

import dev.swarm.cli.node.engineapi.http.QueryFilters;
import dev.swarm.cli.node.engineapi.json.Shape;
import dev.swarm.cli.node.engineapi.json.StoredShapes;
import docker.swarmkit.v1.Config;
import docker.swarmkit.v1.ConfigSpec;
import docker.swarmkit.v1.CreateConfigRequest;
import docker.swarmkit.v1.GetConfigRequest;
import docker.swarmkit.v1.ListConfigsRequest;
import docker.swarmkit.v1.RemoveConfigRequest;
import docker.swarmkit.v1.UpdateConfigRequest;
import docker.swarmkit.v1.Version;
import java.util.List;
import java.util.Set;

/** The swarm's configs. */
record Configs(SwarmClient swarm) implements PayloadCalls<Config, ConfigSpec> {
  @Override
  public String noun() {
    return "config";
  }

  @Override
  public Set<String> filters() {
    return Set.of("name", "id", "label");
  }

  @Override
  public Shape shape() {
    return StoredShapes.CONFIG;
  }

  @Override
  public Shape specShape() {
    return StoredShapes.CONFIG_SPEC;
  }

  @Override
  public Class<ConfigSpec> specType() {
    return ConfigSpec.class;
  }

  @Override
  public List<Config> list(QueryFilters filters) {
    return list(
        ListConfigsRequest.Filters.newBuilder()
            .addAllNamePrefixes(filters.get("name"))
            .addAllIdPrefixes(filters.get("id"))
            .putAllLabels(filters.pairs("label")));
  }

  private List<Config> list(ListConfigsRequest.Filters.Builder filters) {
    return swarm
        .control()
        .listConfigs(ListConfigsRequest.newBuilder().setFilters(filters).build())
        .getConfigsList();
  }

  @Override
  public Config find(String name) {
    return SwarmClient.one(
        "config",
        name,
        () -> get(name),
        () -> list(ListConfigsRequest.Filters.newBuilder().addNames(name)),
        () -> list(ListConfigsRequest.Filters.newBuilder().addIdPrefixes(name)));
  }

  private Config get(String id) {
    return swarm
        .control()
        .getConfig(GetConfigRequest.newBuilder().setConfigId(id).build())
        .getConfig();
  }

  @Override
  public String id(Config object) {
    return object.getId();
  }

  @Override
  public String create(ConfigSpec spec) {
    return swarm
        .control()
        .createConfig(CreateConfigRequest.newBuilder().setSpec(spec).build())
        .getConfig()
        .getId();
  }

  @Override
  public void update(String id, Version version, ConfigSpec spec) {
    swarm
        .control()
        .updateConfig(
            UpdateConfigRequest.newBuilder()
                .setConfigId(id)
                .setConfigVersion(version)
                .setSpec(spec)
                .build());
  }

  @Override
  public void remove(String id) {
    swarm.control().removeConfig(RemoveConfigRequest.newBuilder().setConfigId(id).build());
  }
}
