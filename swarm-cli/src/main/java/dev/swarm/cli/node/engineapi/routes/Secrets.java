package dev.swarm.cli.node.engineapi.routes;

import dev.swarm.cli.node.engineapi.http.QueryFilters;
import dev.swarm.cli.node.engineapi.json.Shape;
import dev.swarm.cli.node.engineapi.json.StoredShapes;
import docker.swarmkit.v1.CreateSecretRequest;
import docker.swarmkit.v1.GetSecretRequest;
import docker.swarmkit.v1.ListSecretsRequest;
import docker.swarmkit.v1.RemoveSecretRequest;
import docker.swarmkit.v1.Secret;
import docker.swarmkit.v1.SecretSpec;
import docker.swarmkit.v1.UpdateSecretRequest;
import docker.swarmkit.v1.Version;
import java.util.List;
import java.util.Set;

/** The swarm's secrets. */
record Secrets(SwarmClient swarm) implements PayloadCalls<Secret, SecretSpec> {
  @Override
  public String noun() {
    return "secret";
  }

  @Override
  public Set<String> filters() {
    return Set.of("names", "name", "id", "label");
  }

  @Override
  public Shape shape() {
    return StoredShapes.SECRET;
  }

  @Override
  public Shape specShape() {
    return StoredShapes.SECRET_SPEC;
  }

  @Override
  public Class<SecretSpec> specType() {
    return SecretSpec.class;
  }

  @Override
  public List<Secret> list(QueryFilters filters) {
    return list(
        ListSecretsRequest.Filters.newBuilder()
            .addAllNames(filters.get("names"))
            .addAllNamePrefixes(filters.get("name"))
            .addAllIdPrefixes(filters.get("id"))
            .putAllLabels(filters.pairs("label")));
  }

  private List<Secret> list(ListSecretsRequest.Filters.Builder filters) {
    return swarm
        .control()
        .listSecrets(ListSecretsRequest.newBuilder().setFilters(filters).build())
        .getSecretsList()
        .stream()
        .map(Secrets::withoutData)
        .toList();
  }

  @Override
  public Secret find(String name) {
    return SwarmClient.one(
        "secret",
        name,
        () -> get(name),
        () -> list(ListSecretsRequest.Filters.newBuilder().addNames(name)),
        () -> list(ListSecretsRequest.Filters.newBuilder().addIdPrefixes(name)));
  }

  private Secret get(String id) {
    return withoutData(
        swarm
            .control()
            .getSecret(GetSecretRequest.newBuilder().setSecretId(id).build())
            .getSecret());
  }

  @Override
  public String id(Secret object) {
    return object.getId();
  }

  @Override
  public String create(SecretSpec spec) {
    return swarm
        .control()
        .createSecret(CreateSecretRequest.newBuilder().setSpec(spec).build())
        .getSecret()
        .getId();
  }

  @Override
  public void update(String id, Version version, SecretSpec spec) {
    swarm
        .control()
        .updateSecret(
            UpdateSecretRequest.newBuilder()
                .setSecretId(id)
                .setSecretVersion(version)
                .setSpec(spec)
                .build());
  }

  @Override
  public void remove(String id) {
    swarm.control().removeSecret(RemoveSecretRequest.newBuilder().setSecretId(id).build());
  }

  /** Managers leave the data out already; a secret is worth looking twice. */
  private static Secret withoutData(Secret secret) {
    return secret.toBuilder().setSpec(secret.getSpec().toBuilder().clearData()).build();
  }
}
