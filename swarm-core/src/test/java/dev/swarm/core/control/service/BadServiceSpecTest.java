package dev.swarm.core.control.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import dev.swarm.core.control.Swarm;
import dev.swarm.core.plan.Rejection;
import dev.swarm.core.plan.Rejection.Kind;
import docker.swarmkit.v1.ContainerSpec;
import docker.swarmkit.v1.EndpointSpec;
import docker.swarmkit.v1.GlobalJob;
import docker.swarmkit.v1.Mount;
import docker.swarmkit.v1.NetworkAttachmentSpec;
import docker.swarmkit.v1.PortConfig;
import docker.swarmkit.v1.PortConfig.PublishMode;
import docker.swarmkit.v1.Resources;
import docker.swarmkit.v1.SecretReference;
import docker.swarmkit.v1.ServiceSpec;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bad specs: one line that says what to do, and nothing changes. */
class BadServiceSpecTest {
  private static final Duration NEGATIVE = Duration.newBuilder().setSeconds(-1).build();
  private static final Duration AGES = Duration.newBuilder().setSeconds(Long.MAX_VALUE).build();

  @ParameterizedTest(name = "{0}")
  @MethodSource("badSpecs")
  void isRefusedInOneLine(String part, Kind kind, Consumer<ServiceSpec.Builder> spoil) {
    Swarm swarm = new Swarm();
    swarm.addIngress();
    swarm.create(Swarm.spec("web", s -> s.getEndpointBuilder().addPorts(Swarm.port(80, 80))));
    ServiceSpec spec = Swarm.spec("api", spoil);

    Rejection onCreate = swarm.reject(ServiceControl.create(Swarm.createRequest(spec)));

    check(onCreate, part, kind);
    swarm.create(Swarm.spec("api"));
    check(swarm.reject(ServiceControl.update(swarm.updateRequest("api", spoil))), "", null);
  }

  private static void check(
      Rejection rejection, String part, @org.jspecify.annotations.Nullable Kind kind) {
    if (kind != null) {
      assertEquals(kind, rejection.kind(), rejection.message());
    }
    assertTrue(rejection.message().contains(part), rejection.message());
    assertFalse(rejection.message().chars().anyMatch(Character::isISOControl), rejection.message());
    assertTrue(rejection.message().length() <= 401, rejection.message());
  }

  static Stream<Arguments> badSpecs() {
    return Stream.of(
            names(),
            modes(),
            policies(),
            resources(),
            placements(),
            containers(),
            ports(),
            processes())
        .flatMap(s -> s);
  }

  private static Stream<Arguments> names() {
    return Stream.of(
        bad("needs a name", s -> s.getAnnotationsBuilder().setName("")),
        bad("cannot name a service", s -> s.getAnnotationsBuilder().setName("-web")),
        bad("cannot name a service", s -> s.getAnnotationsBuilder().setName("web\nserver")),
        bad("cannot name a service", s -> s.getAnnotationsBuilder().setName("a b")),
        bad("cannot name a service", s -> s.getAnnotationsBuilder().setName("wéb")),
        bad("cannot name a service", s -> s.getAnnotationsBuilder().setName("a".repeat(62) + "!")),
        bad("at most 63", s -> s.getAnnotationsBuilder().setName("a".repeat(64))),
        bad(
            "service web already exists",
            Kind.ALREADY_EXISTS,
            s -> s.getAnnotationsBuilder().setName("web")),
        bad(
            "it may have at most",
            s -> s.getAnnotationsBuilder().putLabels("a", "b".repeat(600_000))));
  }

  private static Stream<Arguments> modes() {
    return Stream.of(
        bad("replicas is out of range", s -> s.getReplicatedBuilder().setReplicas(-1)),
        bad("replicas is 1000001", s -> s.getReplicatedBuilder().setReplicas(1_000_001)),
        bad("concurrent", s -> s.getReplicatedJobBuilder().setMaxConcurrent(-1)),
        bad("completions", s -> s.getReplicatedJobBuilder().setTotalCompletions(2_000_000_000)),
        bad(
            "jobs may not have an update config",
            s -> s.setGlobalJob(GlobalJob.getDefaultInstance()).getUpdateBuilder()));
  }

  /** What a process cannot have is refused, not taken and left out. */
  private static Stream<Arguments> processes() {
    return Stream.of(
        badProcess("no port is forwarded to a process", s -> port(s, PublishMode.INGRESS, 80, 80)),
        badProcess("mode=host,target=80,published=80", s -> port(s, PublishMode.HOST, 8080, 80)),
        badProcess("listens on its node itself", s -> port(s, PublishMode.HOST, 0, 80)),
        badProcess("no networks", s -> s.getTaskBuilder().addNetworksBuilder().setTarget("bridge")),
        badProcess("not limited", s -> limits(s).setMemoryBytes(64 << 20)),
        badProcess("not limited", s -> limits(s).setNanoCpus(1_000_000_000)),
        badProcess(
            "not limited",
            s -> s.getTaskBuilder().getResourcesBuilder().getMemorySwappinessBuilder().setValue(7)),
        badProcess("no log driver", s -> s.getTaskBuilder().getLogDriverBuilder().setName("none")));
  }

  private static Resources.Builder limits(ServiceSpec.Builder spec) {
    return spec.getTaskBuilder().getResourcesBuilder().getLimitsBuilder();
  }

  private static void port(ServiceSpec.Builder spec, PublishMode mode, int published, int target) {
    spec.getEndpointBuilder()
        .addPorts(Swarm.port(published, target).toBuilder().setPublishMode(mode));
  }

  private static Arguments badProcess(String part, Consumer<ServiceSpec.Builder> spoil) {
    return bad(part, spec -> spoil.accept(process(spec)));
  }

  private static ServiceSpec.Builder process(ServiceSpec.Builder spec) {
    spec.getTaskBuilder()
        .getGenericBuilder()
        .setKind("process")
        .setPayload(Any.newBuilder().setTypeUrl("t/dev.swarm.v1.ProcessSpec"));
    return spec;
  }

  @Test
  void aPortThatAProcessItselfListensOnIsTaken() {
    Swarm swarm = new Swarm();
    swarm.create(
        Swarm.spec(
            "web",
            s -> {
              port(process(s), PublishMode.HOST, 8080, 8080);
              s.getTaskBuilder()
                  .getResourcesBuilder()
                  .getReservationsBuilder()
                  .setMemoryBytes(64 << 20);
            }));
    assertEquals(1, swarm.service("web").endpoint().getPortsCount());
  }

  private static Stream<Arguments> policies() {
    return Stream.of(
        bad("update-delay cannot be negative", s -> s.getUpdateBuilder().setDelay(NEGATIVE)),
        bad("longer than ten years", s -> s.getUpdateBuilder().setDelay(AGES)),
        bad("rollback-monitor", s -> s.getRollbackBuilder().setMonitor(NEGATIVE)),
        bad("from 0 to 1", s -> s.getUpdateBuilder().setMaxFailureRatio(1.5f)),
        bad("from 0 to 1", s -> s.getUpdateBuilder().setMaxFailureRatio(Float.NaN)),
        bad("update-parallelism", s -> s.getUpdateBuilder().setParallelism(-1)),
        bad("stop-first or start-first", s -> s.getUpdateBuilder().setOrderValue(7)),
        bad("pause, continue or rollback", s -> s.getUpdateBuilder().setFailureActionValue(7)),
        bad("restart-delay", s -> s.getTaskBuilder().getRestartBuilder().setDelay(NEGATIVE)),
        bad("restart-window", s -> s.getTaskBuilder().getRestartBuilder().setWindow(NEGATIVE)),
        bad("restart-max-attempts", s -> s.getTaskBuilder().getRestartBuilder().setMaxAttempts(-1)),
        bad(
            "none, on-failure or any",
            s -> s.getTaskBuilder().getRestartBuilder().setConditionValue(9)));
  }

  private static Stream<Arguments> resources() {
    return Stream.of(
        bad(
            "cpu limit",
            s -> s.getTaskBuilder().getResourcesBuilder().getLimitsBuilder().setNanoCpus(999_999)),
        bad(
            "cpu reservation",
            s -> s.getTaskBuilder().getResourcesBuilder().getReservationsBuilder().setNanoCpus(-1)),
        bad(
            "at least 4 MiB",
            s ->
                s.getTaskBuilder()
                    .getResourcesBuilder()
                    .getLimitsBuilder()
                    .setMemoryBytes(4 << 19)),
        bad(
            "at least 4 MiB",
            s ->
                s.getTaskBuilder()
                    .getResourcesBuilder()
                    .getReservationsBuilder()
                    .setMemoryBytes(Long.MAX_VALUE)),
        bad(
            "write KIND=NUMBER",
            s ->
                s.getTaskBuilder()
                    .getResourcesBuilder()
                    .getReservationsBuilder()
                    .addGenericBuilder()),
        bad("no kind of generic resource", s -> reserve(s, "", 1)),
        bad("no kind of generic resource", s -> reserve(s, "a b", 1)),
        bad("number of generic resource 'gpu'", s -> reserve(s, "gpu", 0)),
        bad("number of generic resource 'gpu'", s -> reserve(s, "gpu", -1)),
        bad(
            "'gpu' is reserved twice",
            s -> {
              reserve(s, "gpu", 1);
              reserve(s, "gpu", 2);
            }),
        bad(
            "have no limit",
            s ->
                s.getTaskBuilder()
                    .getResourcesBuilder()
                    .getLimitsBuilder()
                    .addGenericBuilder()
                    .getDiscreteResourceSpecBuilder()
                    .setKind("gpu")
                    .setValue(1)),
        bad(
            "memory limit is below",
            s -> {
              s.getTaskBuilder()
                  .getResourcesBuilder()
                  .getReservationsBuilder()
                  .setMemoryBytes(8 << 20);
              s.getTaskBuilder().getResourcesBuilder().getLimitsBuilder().setMemoryBytes(4 << 20);
            }));
  }

  private static Stream<Arguments> placements() {
    return Stream.of(
        bad(
            "needs one operator",
            s -> s.getTaskBuilder().getPlacementBuilder().addConstraints("node.role=manager")),
        bad(
            "one line of at most",
            s -> s.getTaskBuilder().getPlacementBuilder().addConstraints("a\nb==c\n")),
        bad(
            "unknown key",
            s -> s.getTaskBuilder().getPlacementBuilder().addConstraints("node.colour==red")),
        bad(
            "max replicas per node",
            s -> s.getTaskBuilder().getPlacementBuilder().setMaxReplicas(-1)),
        bad(
            "placement preference",
            s ->
                s.getTaskBuilder()
                    .getPlacementBuilder()
                    .addPreferencesBuilder()
                    .getSpreadBuilder()
                    .setSpreadDescriptor("node.labels.zone\nnode.id")));
  }

  private static Stream<Arguments> containers() {
    return Stream.of(
        bad("what to run", s -> s.getTaskBuilder().clearContainer()),
        bad(
            "cannot attach",
            Kind.UNIMPLEMENTED,
            s -> s.getTaskBuilder().setAttachment(NetworkAttachmentSpec.getDefaultInstance())),
        bad("reserved", s -> s.getTaskBuilder().getGenericBuilder().setKind("Container")),
        bad("cannot name a runtime", s -> s.getTaskBuilder().getGenericBuilder().setKind("a/b c")),
        bad("needs a payload", s -> s.getTaskBuilder().getGenericBuilder().setKind("process")),
        badContainer("needs an image", c -> c.setImage("")),
        badContainer("must be lower case", c -> c.setImage("nginx/Web")),
        badContainer("not a valid image", c -> c.setImage("nginx:")),
        badContainer("not a valid image", c -> c.setImage("http://nginx")),
        badContainer("not a valid image", c -> c.setImage("nginx@sha256:abc")),
        badContainer("one machine only", c -> c.setImage("a".repeat(64))),
        badContainer("at most 600", c -> c.setImage("a/".repeat(400) + "a")),
        badContainer("has no name", c -> c.addEnv("=x")),
        badContainer("stop-grace-period", c -> c.setStopGracePeriod(NEGATIVE)),
        badContainer("needs a target", c -> c.addMounts(mount("/a", ""))),
        badContainer("absolute path", c -> c.addMounts(mount("/a", "data"))),
        badContainer("needs a source", c -> c.addMounts(mount("", "/data"))),
        badContainer(
            "two mounts", c -> c.addMounts(mount("/a", "/x")).addMounts(mount("/b", "/x"))),
        badContainer(
            "cannot have a source", c -> c.addMounts(mount("/a", "/x").setType(Mount.Type.TMPFS))),
        badContainer("of type bind", c -> c.addMounts(mount("/a", "/x").setTypeValue(99))),
        badContainer(
            "at least 1ms", c -> c.getHealthcheckBuilder().getIntervalBuilder().setNanos(5)),
        badContainer("health-retries", c -> c.getHealthcheckBuilder().setRetries(-1)),
        badContainer("secret not found: tls", c -> c.addSecrets(secret("tls", "cert"))),
        badContainer(
            "two secrets", c -> c.addSecrets(secret("a", "x")).addSecrets(secret("b", "x"))),
        badContainer("needs a target", c -> c.addSecrets(secret("a", ""))),
        badContainer("its id and its name", c -> c.addSecrets(SecretReference.newBuilder())),
        badContainer(
            "config not found: app",
            c ->
                c.addConfigsBuilder()
                    .setConfigId("x")
                    .setConfigName("app")
                    .getFileBuilder()
                    .setName("/app")),
        badContainer(
            "runtime target",
            c -> c.getPrivilegesBuilder().getCredentialSpecBuilder().setConfig("x")),
        bad(
            "network 'nowhere' not found",
            s -> s.getTaskBuilder().addNetworksBuilder().setTarget("nowhere")));
  }

  private static Stream<Arguments> ports() {
    return Stream.of(
        badPort("target port", 80_000, 0),
        badPort("target port", 8080, 70_000),
        badPort("published port", 65_536, 80),
        badPort("published port", -1, 80),
        bad(
            "published twice",
            s -> s.getEndpointBuilder().addPorts(Swarm.port(99, 1)).addPorts(Swarm.port(99, 2))),
        bad(
            "port '80' is already in use by service 'web'",
            Kind.ALREADY_EXISTS,
            s -> s.getEndpointBuilder().addPorts(Swarm.port(80, 8080))),
        bad(
            "port '80' is already in use by service 'web'",
            Kind.ALREADY_EXISTS,
            s ->
                s.getEndpointBuilder()
                    .addPorts(
                        Swarm.port(80, 1).toBuilder().setPublishMode(PortConfig.PublishMode.HOST))),
        bad(
            "tcp, udp or sctp",
            s -> s.getEndpointBuilder().addPortsBuilder().setTargetPort(1).setProtocolValue(9)),
        bad(
            "mode ingress or host",
            s -> s.getEndpointBuilder().addPortsBuilder().setTargetPort(1).setPublishModeValue(9)),
        bad(
            "dnsrr",
            s ->
                s.getEndpointBuilder()
                    .setMode(EndpointSpec.ResolutionMode.DNSRR)
                    .addPorts(Swarm.port(99, 1))));
  }

  private static void reserve(ServiceSpec.Builder spec, String kind, long count) {
    spec.getTaskBuilder()
        .getResourcesBuilder()
        .getReservationsBuilder()
        .addGenericBuilder()
        .getDiscreteResourceSpecBuilder()
        .setKind(kind)
        .setValue(count);
  }

  private static Arguments bad(String part, Consumer<ServiceSpec.Builder> spoil) {
    return bad(part, Kind.INVALID, spoil);
  }

  private static Arguments bad(String part, Kind kind, Consumer<ServiceSpec.Builder> spoil) {
    return Arguments.of(part, kind, spoil);
  }

  private static Arguments badContainer(String part, Consumer<ContainerSpec.Builder> spoil) {
    return bad(part, s -> spoil.accept(s.getTaskBuilder().getContainerBuilder()));
  }

  private static Arguments badPort(String part, int published, int target) {
    return bad(part, s -> s.getEndpointBuilder().addPorts(Swarm.port(published, target)));
  }

  private static Mount.Builder mount(String source, String target) {
    return Mount.newBuilder().setSource(source).setTarget(target);
  }

  private static SecretReference secret(String name, String file) {
    SecretReference.Builder reference =
        SecretReference.newBuilder().setSecretId("id-" + name).setSecretName(name);
    reference.getFileBuilder().setName(file);
    return reference.build();
  }
}
