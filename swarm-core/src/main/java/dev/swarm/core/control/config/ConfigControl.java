package dev.swarm.core.control.config;

import dev.swarm.core.control.Checks;
import dev.swarm.core.control.ListFilters;
import dev.swarm.core.control.PayloadRules;
import dev.swarm.core.control.References;
import dev.swarm.core.control.Refuse;
import dev.swarm.core.model.Config;
import dev.swarm.core.model.Meta;
import dev.swarm.core.plan.Decision;
import dev.swarm.core.plan.Rejection;
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
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Configs: stored once, labels the only part that changes. */
public final class ConfigControl {
  static final int DATA_BYTES_LIMIT = 1000 << 10;
  private static final String KIND = "config";

  private ConfigControl() {}

  public static Decision<CreateConfigResponse> create(CreateConfigRequest request) {
    ConfigSpec spec = request.getSpec();
    Optional<Rejection> wrong =
        Checks.refuseIf(!request.hasSpec(), "the spec of the config is missing")
            .or(() -> PayloadRules.annotations(KIND, spec.getAnnotations()))
            .or(() -> PayloadRules.templating(KIND, spec.getTemplating()))
            .or(() -> PayloadRules.data(KIND, spec.getData().size(), DATA_BYTES_LIMIT));
    return Refuse.unless(wrong, () -> (draft, context) -> create(spec, draft, context));
  }

  private static Verdict<CreateConfigResponse> create(
      ConfigSpec spec, Snapshot draft, Decision.Context context) {
    String name = spec.getAnnotations().getName();
    if (draft.configs().stream().anyMatch(config -> config.name().equalsIgnoreCase(name))) {
      return Verdict.reject(Refuse.exists("config %s already exists".formatted(name)));
    }
    Config made =
        new Config(
            context.ids().next(),
            Meta.NONE,
            docker.swarmkit.v1.Config.newBuilder().setSpec(spec).build());
    return stored(
        made,
        context,
        config -> CreateConfigResponse.newBuilder().setConfig(ToWire.config(config)).build());
  }

  public static Decision<UpdateConfigResponse> update(UpdateConfigRequest request) {
    Optional<Rejection> wrong =
        Checks.refuseIf(!request.hasConfigVersion(), "the version of the config is missing")
            .or(() -> PayloadRules.labels(KIND, request.getSpec().getAnnotations()));
    return Refuse.unless(wrong, () -> (draft, context) -> update(request, draft, context));
  }

  private static Verdict<UpdateConfigResponse> update(
      UpdateConfigRequest request, Snapshot draft, Decision.Context context) {
    Optional<Config> found = draft.configs().find(request.getConfigId());
    if (found.isEmpty()) {
      return Verdict.reject(Refuse.notFound(KIND, request.getConfigId()));
    }
    Config old = found.get();
    if (old.meta().version() != request.getConfigVersion().getIndex()) {
      return Verdict.reject(Rejection.stale());
    }
    if (changesMore(old, request.getSpec())) {
      return Verdict.reject(Refuse.invalid("only updates to Labels are allowed"));
    }
    docker.swarmkit.v1.Config.Builder object = old.object().toBuilder();
    object
        .getSpecBuilder()
        .getAnnotationsBuilder()
        .clearLabels()
        .putAllLabels(request.getSpec().getAnnotations().getLabelsMap());
    return stored(
        old.withObject(object.build()),
        context,
        config -> UpdateConfigResponse.newBuilder().setConfig(ToWire.config(config)).build());
  }

  private static boolean changesMore(Config old, ConfigSpec spec) {
    return !old.name().equals(spec.getAnnotations().getName())
        || (!spec.getData().isEmpty() && !spec.getData().equals(old.object().getSpec().getData()));
  }

  public static Decision<RemoveConfigResponse> remove(RemoveConfigRequest request) {
    String id = request.getConfigId();
    return (draft, context) -> {
      Optional<Config> found = draft.configs().find(id);
      if (found.isEmpty()) {
        return Verdict.reject(Refuse.notFound(KIND, id));
      }
      return References.inUse(KIND, found.get().name(), draft, s -> References.usesConfig(s, id))
          .map(users -> Verdict.<RemoveConfigResponse>reject(Refuse.invalid(users)))
          .orElseGet(
              () ->
                  Verdict.accept(
                      List.of(new Change.RemoveConfig(id)),
                      snapshot -> RemoveConfigResponse.getDefaultInstance()));
    };
  }

  public static Verdict<GetConfigResponse> get(Snapshot snapshot, GetConfigRequest request) {
    return snapshot
        .configs()
        .find(request.getConfigId())
        .map(config -> GetConfigResponse.newBuilder().setConfig(ToWire.config(config)).build())
        .map(response -> Verdict.accept(List.of(), same -> response))
        .orElseGet(() -> Verdict.reject(Refuse.notFound(KIND, request.getConfigId())));
  }

  /** Configs with any of the names, prefixes or ids, and all of the labels; by id. */
  public static ListConfigsResponse list(Snapshot snapshot, ListConfigsRequest request) {
    ListConfigsRequest.Filters filters = request.getFilters();
    ListConfigsResponse.Builder response = ListConfigsResponse.newBuilder();
    snapshot.configs().stream()
        .filter(
            config ->
                ListFilters.any(
                    filters.getNamesList(),
                    filters.getNamePrefixesList(),
                    filters.getIdPrefixesList(),
                    filters.getLabelsMap(),
                    config.id(),
                    config.object().getSpec().getAnnotations()))
        .sorted(Comparator.comparing(Config::id))
        .forEach(config -> response.addConfigs(ToWire.config(config)));
    return response.build();
  }

  private static <R> Verdict<R> stored(
      Config made, Decision.Context context, Function<Config, R> reply) {
    Meta touched = made.meta().touched(context.index(), context.now().toEpochMilli());
    return Verdict.accept(
        List.of(new Change.PutConfig(made)),
        snapshot ->
            reply.apply(
                snapshot.configs().find(made.id()).orElseGet(() -> made.withMeta(touched))));
  }
}
