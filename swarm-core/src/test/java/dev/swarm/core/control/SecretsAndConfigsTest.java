package dev.swarm.core.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.swarm.core.control.config.ConfigControl;
import dev.swarm.core.control.secret.SecretControl;
import dev.swarm.core.control.service.ServiceControl;
import dev.swarm.core.plan.Rejection;
import dev.swarm.core.plan.Rejection.Kind;
import docker.swarmkit.v1.ConfigSpec;
import docker.swarmkit.v1.CreateConfigRequest;
import docker.swarmkit.v1.CreateSecretRequest;
import docker.swarmkit.v1.GetConfigRequest;
import docker.swarmkit.v1.GetSecretRequest;
import docker.swarmkit.v1.ListSecretsRequest;
import docker.swarmkit.v1.RemoveConfigRequest;
import docker.swarmkit.v1.RemoveSecretRequest;
import docker.swarmkit.v1.Secret;
import docker.swarmkit.v1.SecretSpec;
import docker.swarmkit.v1.UpdateConfigRequest;
import docker.swarmkit.v1.UpdateSecretRequest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsAndConfigsTest {
  private final Swarm swarm = new Swarm();

  @Test
  void aSecretIsStoredAndNeverShown() {
    Secret made = create("tls", "the data");
    assertTrue(made.getSpec().getData().isEmpty());
    assertEquals(
        "the data",
        swarm
            .snapshot
            .secrets()
            .find(made.getId())
            .orElseThrow()
            .object()
            .getSpec()
            .getData()
            .toStringUtf8());
    assertTrue(
        swarm
            .query(
                SecretControl.get(
                    swarm.snapshot,
                    GetSecretRequest.newBuilder().setSecretId(made.getId()).build()))
            .getSecret()
            .getSpec()
            .getData()
            .isEmpty());
    assertTrue(
        list(ListSecretsRequest.Filters.getDefaultInstance()).get(0).getSpec().getData().isEmpty());
  }

  @Test
  void onlyLabelsChange() {
    Secret made = create("tls", "the data");
    UpdateSecretRequest.Builder update =
        UpdateSecretRequest.newBuilder()
            .setSecretId(made.getId())
            .setSecretVersion(made.getMeta().getVersion());
    update.getSpecBuilder().getAnnotationsBuilder().setName("tls").putLabels("a", "b");

    Secret updated = swarm.accept(SecretControl.update(update.build())).getSecret();
    assertEquals("b", updated.getSpec().getAnnotations().getLabelsOrThrow("a"));
    assertTrue(updated.getSpec().getData().isEmpty());
    assertEquals(Rejection.stale(), swarm.reject(SecretControl.update(update.build())));

    update.setSecretVersion(updated.getMeta().getVersion());
    update.getSpecBuilder().setData(ByteString.copyFromUtf8("other"));
    Rejection why = swarm.reject(SecretControl.update(update.build()));
    assertEquals("only updates to Labels are allowed", why.message());
    assertFalse(why.message().contains("other"));
    update.getSpecBuilder().clearData().getAnnotationsBuilder().setName("new");
    assertEquals(Kind.INVALID, swarm.reject(SecretControl.update(update.build())).kind());
  }

  @Test
  void whatServicesUseStays() {
    Secret secret = create("tls", "x");
    swarm.create(
        Swarm.spec(
            "web",
            s ->
                s.getTaskBuilder()
                    .getContainerBuilder()
                    .addSecretsBuilder()
                    .setSecretId(secret.getId())
                    .setSecretName("tls")
                    .getFileBuilder()
                    .setName("tls")));
    RemoveSecretRequest remove =
        RemoveSecretRequest.newBuilder().setSecretId(secret.getId()).build();

    assertEquals(
        "secret 'tls' is in use by the following service: web",
        swarm.reject(SecretControl.remove(remove)).message());

    swarm.accept(
        ServiceControl.update(
            swarm.updateRequest(
                "web", s -> s.getTaskBuilder().getContainerBuilder().clearSecrets())));
    swarm.accept(SecretControl.remove(remove));
    assertEquals(Kind.NOT_FOUND, swarm.reject(SecretControl.remove(remove)).kind());
  }

  @Test
  void theDataIsBounded() {
    assertEquals(
        Kind.INVALID, swarm.reject(SecretControl.create(request("a", new byte[0]))).kind());
    assertEquals(
        Kind.INVALID, swarm.reject(SecretControl.create(request("a", new byte[500 << 10]))).kind());
    swarm.accept(SecretControl.create(request("a", new byte[(500 << 10) - 1])));
    assertEquals(Kind.INVALID, swarm.reject(ConfigControl.create(config("a", 1000 << 10))).kind());
    swarm.accept(ConfigControl.create(config("a", (1000 << 10) - 1)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".hidden", "a b", "a\n", "ends-", "wéb"})
  void namesAreFileNames(String name) {
    assertEquals(
        Kind.INVALID, swarm.reject(SecretControl.create(request(name, new byte[1]))).kind());
    assertEquals(Kind.INVALID, swarm.reject(ConfigControl.create(config(name, 1))).kind());
  }

  @Test
  void aNameIsTakenOnceWhateverItsCase() {
    create("tls", "x");
    assertEquals(
        Kind.ALREADY_EXISTS,
        swarm.reject(SecretControl.create(request("TLS", new byte[1]))).kind());
  }

  @Test
  void driversAreNotThereYet() {
    CreateSecretRequest.Builder request = CreateSecretRequest.newBuilder();
    request.getSpecBuilder().getAnnotationsBuilder().setName("a");
    request.getSpecBuilder().getDriverBuilder().setName("vault");
    assertEquals(Kind.UNIMPLEMENTED, swarm.reject(SecretControl.create(request.build())).kind());
    request.getSpecBuilder().clearDriver().getTemplatingBuilder().setName("jinja");
    assertEquals(Kind.INVALID, swarm.reject(SecretControl.create(request.build())).kind());
  }

  @Test
  void anyNameAndAllLabelsSelect() {
    create("tls", "x");
    create("token", "x");
    create("other", "x");
    assertEquals(
        List.of("tls", "token"),
        names(
            ListSecretsRequest.Filters.newBuilder().addNames("tls").addNamePrefixes("to").build()));
    assertEquals(
        List.of(), names(ListSecretsRequest.Filters.newBuilder().putLabels("a", "").build()));
  }

  @Test
  void aConfigShowsItsData() {
    String id = swarm.accept(ConfigControl.create(config("app", 3))).getConfig().getId();
    assertEquals(
        3,
        swarm
            .query(
                ConfigControl.get(
                    swarm.snapshot, GetConfigRequest.newBuilder().setConfigId(id).build()))
            .getConfig()
            .getSpec()
            .getData()
            .size());
    UpdateConfigRequest unversioned =
        UpdateConfigRequest.newBuilder()
            .setConfigId(id)
            .setSpec(ConfigSpec.getDefaultInstance())
            .build();
    assertEquals(Kind.INVALID, swarm.reject(ConfigControl.update(unversioned)).kind());
    swarm.accept(ConfigControl.remove(RemoveConfigRequest.newBuilder().setConfigId(id).build()));
  }

  private Secret create(String name, String data) {
    return swarm
        .accept(SecretControl.create(request(name, ByteString.copyFromUtf8(data).toByteArray())))
        .getSecret();
  }

  private static CreateSecretRequest request(String name, byte[] data) {
    SecretSpec.Builder spec = SecretSpec.newBuilder().setData(ByteString.copyFrom(data));
    spec.getAnnotationsBuilder().setName(name);
    return CreateSecretRequest.newBuilder().setSpec(spec).build();
  }

  private static CreateConfigRequest config(String name, int bytes) {
    ConfigSpec.Builder spec = ConfigSpec.newBuilder().setData(ByteString.copyFrom(new byte[bytes]));
    spec.getAnnotationsBuilder().setName(name);
    return CreateConfigRequest.newBuilder().setSpec(spec).build();
  }

  private List<Secret> list(ListSecretsRequest.Filters filters) {
    return SecretControl.list(
            swarm.snapshot, ListSecretsRequest.newBuilder().setFilters(filters).build())
        .getSecretsList();
  }

  private List<String> names(ListSecretsRequest.Filters filters) {
    return list(filters).stream().map(s -> s.getSpec().getAnnotations().getName()).toList();
  }
}
