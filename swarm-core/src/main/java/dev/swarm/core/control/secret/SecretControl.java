package dev.swarm.core.control.secret;

import dev.swarm.core.control.ListFilters;
import dev.swarm.core.control.PayloadControl;
import dev.swarm.core.control.PayloadKind;
import dev.swarm.core.control.PayloadRules;
import dev.swarm.core.control.References;
import dev.swarm.core.control.Refuse;
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
import java.util.Optional;

/** Requests about secrets; their data is never given out. */
public final class SecretControl {
  static final int DATA_BYTES_LIMIT = 500 << 10;

  private static final PayloadControl<Secret> CONTROL =
      new PayloadControl<>(
          new PayloadKind<>(
              "secret",
              SecretControl::data,
              Snapshot::secrets,
              Change.PutSecret::new,
              Change.RemoveSecret::new,
              References::usesSecret));

  private SecretControl() {}

  public static Decision<CreateSecretResponse> create(CreateSecretRequest request) {
    return CONTROL.create(
        request.hasSpec(),
        Secret.of(request.getSpec()),
        made -> CreateSecretResponse.newBuilder().setSecret(shown(made)).build());
  }

  public static Decision<UpdateSecretResponse> update(UpdateSecretRequest request) {
    SecretSpec spec = request.getSpec();
    return CONTROL.update(
        request.getSecretId(),
        request.hasSecretVersion() ? Optional.of(request.getSecretVersion()) : Optional.empty(),
        spec.getAnnotations(),
        spec.getData(),
        updated -> UpdateSecretResponse.newBuilder().setSecret(shown(updated)).build());
  }

  public static Decision<RemoveSecretResponse> remove(RemoveSecretRequest request) {
    return CONTROL.remove(request.getSecretId(), RemoveSecretResponse.getDefaultInstance());
  }

  public static Verdict<GetSecretResponse> get(Snapshot snapshot, GetSecretRequest request) {
    return CONTROL.get(
        snapshot,
        request.getSecretId(),
        found -> GetSecretResponse.newBuilder().setSecret(shown(found)).build());
  }

  /** Secrets of users with any of the names, prefixes or ids, and all of the labels; by id. */
  public static ListSecretsResponse list(Snapshot snapshot, ListSecretsRequest request) {
    ListSecretsRequest.Filters filters = request.getFilters();
    ListSecretsResponse.Builder response = ListSecretsResponse.newBuilder();
    CONTROL
        .list(snapshot)
        .filter(secret -> !secret.object().getInternal())
        .filter(
            secret ->
                ListFilters.any(
                    filters.getNamesList(),
                    filters.getNamePrefixesList(),
                    filters.getIdPrefixesList(),
                    filters.getLabelsMap(),
                    secret.id(),
                    secret.annotations()))
        .forEach(secret -> response.addSecrets(shown(secret)));
    return response.build();
  }

  private static Optional<Rejection> data(Secret asked) {
    return asked.object().getSpec().hasDriver()
        ? Optional.of(
            Refuse.unimplemented("secret drivers are not available yet: give the secret its data"))
        : PayloadRules.data("secret", asked.data().size(), DATA_BYTES_LIMIT);
  }

  /** The secret without what is secret about it. */
  private static docker.swarmkit.v1.Secret shown(Secret secret) {
    docker.swarmkit.v1.Secret.Builder wire = ToWire.secret(secret).toBuilder();
    wire.getSpecBuilder().clearData();
    return wire.build();
  }
}
