package dev.swarm.cli.node.engineapi.routes;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.swarm.cli.node.engineapi.http.Exchange;
import dev.swarm.cli.node.engineapi.http.QueryFilters;
import dev.swarm.cli.node.engineapi.json.StoredShapes;
import docker.swarmkit.v1.CreateSecretRequest;
import docker.swarmkit.v1.ListSecretsRequest;
import docker.swarmkit.v1.RemoveSecretRequest;
import docker.swarmkit.v1.Secret;
import docker.swarmkit.v1.SecretSpec;
import docker.swarmkit.v1.UpdateSecretRequest;
import docker.swarmkit.v1.Version;
import java.io.IOException;
import java.util.Set;

/** Routes under {@code /secrets}. */
final class SecretRoutes {
  private static final Set<String> FILTERS = Set.of("names", "name", "id", "label");

  private final SwarmClient swarm;

  SecretRoutes(SwarmClient swarm) {
    this.swarm = swarm;
  }

  void list(Exchange exchange) throws IOException {
    QueryFilters filters = QueryFilters.of(exchange, FILTERS);
    var wanted =
        ListSecretsRequest.Filters.newBuilder()
            .addAllNames(filters.get("names"))
            .addAllNamePrefixes(filters.get("name"))
            .addAllIdPrefixes(filters.get("id"))
            .putAllLabels(filters.pairs("label"));
    ArrayNode out = JsonNodeFactory.instance.arrayNode();
    swarm
        .control()
        .listSecrets(ListSecretsRequest.newBuilder().setFilters(wanted).build())
        .getSecretsList()
        .forEach(secret -> out.add(StoredShapes.SECRET.write(withoutData(secret))));
    exchange.reply(200, out);
  }

  void inspect(Exchange exchange) throws IOException {
    var secret = swarm.secret(exchange.variable("id"));
    exchange.reply(200, StoredShapes.SECRET.write(withoutData(secret)));
  }

  /** Managers leave the data out already; a secret is worth looking twice. */
  private static Secret withoutData(Secret secret) {
    return secret.toBuilder().setSpec(secret.getSpec().toBuilder().clearData()).build();
  }

  void create(Exchange exchange) throws IOException {
    SecretSpec spec = exchange.body(StoredShapes.SECRET_SPEC, SecretSpec.class);
    String id =
        swarm
            .control()
            .createSecret(CreateSecretRequest.newBuilder().setSpec(spec).build())
            .getSecret()
            .getId();
    exchange.reply(201, JsonNodeFactory.instance.objectNode().put("ID", id));
  }

  void update(Exchange exchange) throws IOException {
    SecretSpec spec = exchange.body(StoredShapes.SECRET_SPEC, SecretSpec.class);
    long version = exchange.objectVersion("secret");
    swarm
        .control()
        .updateSecret(
            UpdateSecretRequest.newBuilder()
                .setSecretId(swarm.secret(exchange.variable("id")).getId())
                .setSecretVersion(Version.newBuilder().setIndex(version))
                .setSpec(spec)
                .build());
    exchange.reply(200);
  }

  void remove(Exchange exchange) throws IOException {
    String id = swarm.secret(exchange.variable("id")).getId();
    swarm.control().removeSecret(RemoveSecretRequest.newBuilder().setSecretId(id).build());
    exchange.reply(204);
  }
}
