package dev.swarm.core.control.secret;

import dev.swarm.core.control.Checks;
import dev.swarm.core.control.ListFilters;
import dev.swarm.core.control.PayloadRules;
import dev.swarm.core.control.References;
import dev.swarm.core.control.Refuse;
import dev.swarm.core.model.Meta;
import dev.swarm.core.model.Secret;
import dev.swarm.core.plan.Decision;
import dev.swarm.core.plan.Rejection;
import dev.swarm.core.plan.Verdict;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.Snapshot;
import dev.swarm.core.wire.ToWire;
import docker.swarmkit.v1.CreateSecretRequest;
import docker.swarmkit.v1.CreateSecretResponse;
import docker.swarmkit.v1.GetSecretRequest;
import docker.swarmkit.v1.GetSecretResponse;
import docker.swarmkit.v1.ListSecretsRequest;
import docker.swarmkit.v1.ListSecretsResponse;
import docker.swarmkit.v1.RemoveSecretRequest;
import docker.swarmkit.v1.RemoveSecretResponse;
import docker.swarmkit.v1.SecretSpec;
import docker.swarmkit.v1.UpdateSecretRequest;
import docker.swarmkit.v1.UpdateSecretResponse;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Secrets: stored once, labels the only part that changes, data never given out. */
public final class SecretControl {
  static final int DATA_BYTES_LIMIT = 500 << 10;
  private static final String KIND = "secret";

  private SecretControl() {}

  public static Decision<CreateSecretResponse> create(CreateSecretRequest request) {
    SecretSpec spec = request.getSpec();
    Optional<Rejection> wrong =
        Checks.refuseIf(!request.hasSpec(), "the spec of the secret is missing")
            .or(() -> PayloadRules.annotations(KIND, spec.getAnnotations()))
            .or(() -> PayloadRules.templating(KIND, spec.getTemplating()))
            .or(
                () ->
                    spec.hasDriver()
                        ? Optional.of(
                            Refuse.unimplemented(
                                "secret drivers are not available yet: give the secret its data"))
                        : PayloadRules.data(KIND, spec.getData().size(), DATA_BYTES_LIMIT));
    return Refuse.unless(wrong, () -> (draft, context) -> create(spec, draft, context));
  }

  private static Verdict<CreateSecretResponse> create(
      SecretSpec spec, Snapshot draft, Decision.Context context) {
    String name = spec.getAnnotations().getName();
    if (draft.secrets().stream().anyMatch(secret -> secret.name().equalsIgnoreCase(name))) {
      return Verdict.reject(Refuse.exists("secret %s already exists".formatted(name)));
    }
    Secret made =
        new Secret(
            context.ids().next(),
            Meta.NONE,
            docker.swarmkit.v1.Secret.newBuilder().setSpec(spec).build());
    return stored(
        made,
        context,
        secret -> CreateSecretResponse.newBuilder().setSecret(shown(secret)).build());
  }

  public static Decision<UpdateSecretResponse> update(UpdateSecretRequest request) {
    Optional<Rejection> wrong =
        Checks.refuseIf(!request.hasSecretVersion(), "the version of the secret is missing")
            .or(() -> PayloadRules.labels(KIND, request.getSpec().getAnnotations()));
    return Refuse.unless(wrong, () -> (draft, context) -> update(request, draft, context));
  }

  private static Verdict<UpdateSecretResponse> update(
      UpdateSecretRequest request, Snapshot draft, Decision.Context context) {
    Optional<Secret> found = draft.secrets().find(request.getSecretId());
    if (found.isEmpty()) {
      return Verdict.reject(Refuse.notFound(KIND, request.getSecretId()));
    }
    Secret old = found.get();
    if (old.meta().version() != request.getSecretVersion().getIndex()) {
      return Verdict.reject(Rejection.stale());
    }
    if (changesMore(old, request.getSpec())) {
      return Verdict.reject(Refuse.invalid("only updates to Labels are allowed"));
    }
    docker.swarmkit.v1.Secret.Builder object = old.object().toBuilder();
    object
        .getSpecBuilder()
        .getAnnotationsBuilder()
        .clearLabels()
        .putAllLabels(request.getSpec().getAnnotations().getLabelsMap());
    return stored(
        old.withObject(object.build()),
        context,
        secret -> UpdateSecretResponse.newBuilder().setSecret(shown(secret)).build());
  }

  private static boolean changesMore(Secret old, SecretSpec spec) {
    return !old.name().equals(spec.getAnnotations().getName())
        || (!spec.getData().isEmpty()
            && !MessageDigest.isEqual(
                spec.getData().toByteArray(), old.object().getSpec().getData().toByteArray()));
  }

  public static Decision<RemoveSecretResponse> remove(RemoveSecretRequest request) {
    String id = request.getSecretId();
    return (draft, context) -> {
      Optional<Secret> found = draft.secrets().find(id);
      if (found.isEmpty()) {
        return Verdict.reject(Refuse.notFound(KIND, id));
      }
      return References.inUse(KIND, found.get().name(), draft, s -> References.usesSecret(s, id))
          .map(users -> Verdict.<RemoveSecretResponse>reject(Refuse.invalid(users)))
          .orElseGet(
              () ->
                  Verdict.accept(
                      List.of(new Change.RemoveSecret(id)),
                      snapshot -> RemoveSecretResponse.getDefaultInstance()));
    };
  }

  public static Verdict<GetSecretResponse> get(Snapshot snapshot, GetSecretRequest request) {
    return snapshot
        .secrets()
        .find(request.getSecretId())
        .map(secret -> GetSecretResponse.newBuilder().setSecret(shown(secret)).build())
        .map(response -> Verdict.accept(List.of(), same -> response))
        .orElseGet(() -> Verdict.reject(Refuse.notFound(KIND, request.getSecretId())));
  }

  /** Secrets of users with any of the names, prefixes or ids, and all of the labels; by id. */
  public static ListSecretsResponse list(Snapshot snapshot, ListSecretsRequest request) {
    ListSecretsRequest.Filters filters = request.getFilters();
    ListSecretsResponse.Builder response = ListSecretsResponse.newBuilder();
    snapshot.secrets().stream()
        .filter(secret -> !secret.object().getInternal())
        .filter(
            secret ->
                ListFilters.any(
                    filters.getNamesList(),
                    filters.getNamePrefixesList(),
                    filters.getIdPrefixesList(),
                    filters.getLabelsMap(),
                    secret.id(),
                    secret.object().getSpec().getAnnotations()))
        .sorted(Comparator.comparing(Secret::id))
        .forEach(secret -> response.addSecrets(shown(secret)));
    return response.build();
  }

  private static <R> Verdict<R> stored(
      Secret made, Decision.Context context, Function<Secret, R> reply) {
    Meta touched = made.meta().touched(context.index(), context.now().toEpochMilli());
    return Verdict.accept(
        List.of(new Change.PutSecret(made)),
        snapshot ->
            reply.apply(
                snapshot.secrets().find(made.id()).orElseGet(() -> made.withMeta(touched))));
  }

  /** The secret without what is secret about it. */
  private static docker.swarmkit.v1.Secret shown(Secret secret) {
    docker.swarmkit.v1.Secret.Builder wire = ToWire.secret(secret).toBuilder();
    wire.getSpecBuilder().clearData();
    return wire.build();
  }
}
