package dev.swarm.core.control.config;

import dev.swarm.core.control.ListFilters;
import dev.swarm.core.control.PayloadControl;
import dev.swarm.core.control.PayloadKind;
import dev.swarm.core.control.PayloadRules;
import dev.swarm.core.control.References;
import dev.swarm.core.model.Config;
import dev.swarm.core.plan.Decision;
import dev.swarm.core.plan.Verdict;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.Snapshot;
import dev.swarm.core.wire.ToWire;
import docker.swarmkit.v1.ConfigSpec;
import docker.swarmkit.v1.CreateConfigRequest;
import docker.swarmkit.v1.CreateConfigResponse;
import docker.swarmkit.v1.GetConfigRequest;
import docker.swarmkit.v1.GetConfigResponse;
import docker.swarmkit.v1.ListConfigsRequest;
import docker.swarmkit.v1.ListConfigsResponse;
import docker.swarmkit.v1.RemoveConfigRequest;
import docker.swarmkit.v1.RemoveConfigResponse;
import docker.swarmkit.v1.UpdateConfigRequest;
import docker.swarmkit.v1.UpdateConfigResponse;
import java.util.Optional;

/** Requests about configs. */
public final class ConfigControl {
  static final int DATA_BYTES_LIMIT = 1000 << 10;

  private static final PayloadControl<Config> CONTROL =
      new PayloadControl<>(
          new PayloadKind<>(
              "config",
              config -> PayloadRules.data("config", config.data().size(), DATA_BYTES_LIMIT),
              Snapshot::configs,
              Change.PutConfig::new,
              Change.RemoveConfig::new,
              References::usesConfig));

  private ConfigControl() {}

  public static Decision<CreateConfigResponse> create(CreateConfigRequest request) {
    return CONTROL.create(
        request.hasSpec(),
        Config.of(request.getSpec()),
        made -> CreateConfigResponse.newBuilder().setConfig(ToWire.config(made)).build());
  }

  public static Decision<UpdateConfigResponse> update(UpdateConfigRequest request) {
    ConfigSpec spec = request.getSpec();
    return CONTROL.update(
        request.getConfigId(),
        request.hasConfigVersion() ? Optional.of(request.getConfigVersion()) : Optional.empty(),
        spec.getAnnotations(),
        spec.getData(),
        updated -> UpdateConfigResponse.newBuilder().setConfig(ToWire.config(updated)).build());
  }

  public static Decision<RemoveConfigResponse> remove(RemoveConfigRequest request) {
    return CONTROL.remove(request.getConfigId(), RemoveConfigResponse.getDefaultInstance());
  }

  public static Verdict<GetConfigResponse> get(Snapshot snapshot, GetConfigRequest request) {
    return CONTROL.get(
        snapshot,
        request.getConfigId(),
        found -> GetConfigResponse.newBuilder().setConfig(ToWire.config(found)).build());
  }

  /** Configs with any of the names, prefixes or ids, and all of the labels; by id. */
  public static ListConfigsResponse list(Snapshot snapshot, ListConfigsRequest request) {
    ListConfigsRequest.Filters filters = request.getFilters();
    ListConfigsResponse.Builder response = ListConfigsResponse.newBuilder();
    CONTROL
        .list(snapshot)
        .filter(
            config ->
                ListFilters.any(
                    filters.getNamesList(),
                    filters.getNamePrefixesList(),
                    filters.getIdPrefixesList(),
                    filters.getLabelsMap(),
                    config.id(),
                    config.annotations()))
        .forEach(config -> response.addConfigs(ToWire.config(config)));
    return response.build();
  }
}
