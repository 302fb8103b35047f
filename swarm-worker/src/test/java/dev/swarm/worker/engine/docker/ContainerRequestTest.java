package dev.swarm.worker.engine.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.BoolValue;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Int64Value;
import dev.swarm.worker.engine.EngineException;
import dev.swarm.worker.secret.FileMount;
import docker.swarmkit.v1.ContainerSpec;
import docker.swarmkit.v1.Driver;
import docker.swarmkit.v1.Mount;
import docker.swarmkit.v1.NetworkAttachment;
import docker.swarmkit.v1.PortConfig;
import docker.swarmkit.v1.PortConfig.Protocol;
import docker.swarmkit.v1.PortConfig.PublishMode;
import docker.swarmkit.v1.Privileges;
import docker.swarmkit.v1.Task;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ContainerRequestTest {
  private static Task.Builder task(ContainerSpec.Builder spec) {
    Task.Builder task = Task.newBuilder().setId("t1").setNodeId("n1").setServiceId("s1").setSlot(2);
    task.getServiceAnnotationsBuilder().setName("web");
    task.getSpecBuilder().setContainer(spec);
    return task;
  }

  private static ContainerSpec.Builder spec() {
    return ContainerSpec.newBuilder().setImage("busybox");
  }

  private static JsonNode request(Task task) {
    return ContainerRequest.of(task, List.of(), TaskPlaces.of(task));
  }

  private static JsonNode request(ContainerSpec.Builder spec) {
    return request(task(spec).build());
  }

  private static JsonNode host(ContainerSpec.Builder spec) {
    return request(spec).path("HostConfig");
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(node -> texts.add(node.asText()));
    return texts;
  }

  @Test
  void namesFollowServiceAndSlotOrNode() {
    assertEquals("web.2.t1", ContainerRequest.name(task(spec()).build()));
    assertEquals("web.n1.t1", ContainerRequest.name(task(spec()).setSlot(0).build()));
    Task.Builder named = task(spec());
    named.getAnnotationsBuilder().setName("own");
    assertEquals("own", ContainerRequest.name(named.build()));
  }

  @Test
  void labelsOfTheSystemWinOverTheUsers() {
    JsonNode labels =
        request(spec().putLabels("a", "b").putLabels("com.docker.swarm.task.id", "forged"))
            .path("Labels");
    assertEquals("b", labels.path("a").asText());
    assertEquals("t1", labels.path("com.docker.swarm.task.id").asText());
    assertEquals("web.2.t1", labels.path("com.docker.swarm.task.name").asText());
    assertEquals("n1", labels.path("com.docker.swarm.node.id").asText());
    assertEquals("s1", labels.path("com.docker.swarm.service.id").asText());
    assertEquals("web", labels.path("com.docker.swarm.service.name").asText());
    assertTrue(labels.has("com.docker.swarm.task"));
  }

  @Test
  void processFields() {
    JsonNode body =
        request(
            spec()
                .addCommand("sh")
                .addArgs("-c")
                .addEnv("A=b")
                .setDir("/d")
                .setUser("u")
                .setHostname("h")
                .setStopSignal("SIGINT")
                .setTty(true)
                .setOpenStdin(true));
    assertEquals(List.of("sh"), texts(body.path("Entrypoint")));
    assertEquals(List.of("-c"), texts(body.path("Cmd")));
    assertEquals(List.of("A=b"), texts(body.path("Env")));
    assertEquals("/d", body.path("WorkingDir").asText());
    assertEquals("u", body.path("User").asText());
    assertEquals("h", body.path("Hostname").asText());
    assertEquals("SIGINT", body.path("StopSignal").asText());
    assertTrue(body.path("Tty").asBoolean() && body.path("OpenStdin").asBoolean());
  }

  @Test
  void hostFields() {
    ContainerSpec.Builder spec =
        spec()
            .addGroups("audio")
            .setReadOnly(true)
            .setInit(BoolValue.of(false))
            .setIsolation(ContainerSpec.Isolation.ISOLATION_PROCESS)
            .setPidsLimit(9)
            .putSysctls("net.core.somaxconn", "5")
            .addCapabilityAdd("CAP_NET_RAW")
            .addCapabilityDrop("CAP_CHOWN")
            .addUlimits(ContainerSpec.Ulimit.newBuilder().setName("nofile").setSoft(1).setHard(2))
            .setOomScoreAdj(-5)
            .addHosts("10.0.0.1 db db.local")
            .setDnsConfig(
                ContainerSpec.DNSConfig.newBuilder()
                    .addNameservers("1.1.1.1")
                    .addSearch("x.org")
                    .addOptions("ndots:1"));
    JsonNode host = host(spec);
    assertEquals(List.of("audio"), texts(host.path("GroupAdd")));
    assertTrue(host.path("ReadonlyRootfs").asBoolean());
    assertTrue(host.path("Init").isBoolean() && !host.path("Init").asBoolean());
    assertEquals("process", host.path("Isolation").asText());
    assertEquals(9, host.path("PidsLimit").asInt());
    assertEquals("5", host.path("Sysctls").path("net.core.somaxconn").asText());
    assertEquals(List.of("CAP_NET_RAW"), texts(host.path("CapAdd")));
    assertEquals(List.of("CAP_CHOWN"), texts(host.path("CapDrop")));
    assertEquals(2, host.path("Ulimits").path(0).path("Hard").asInt());
    assertEquals(-5, host.path("OomScoreAdj").asInt());
    assertEquals(List.of("db:10.0.0.1"), texts(host.path("ExtraHosts")));
    assertEquals(List.of("1.1.1.1"), texts(host.path("Dns")));
    assertEquals(List.of("x.org"), texts(host.path("DnsSearch")));
    assertEquals(List.of("ndots:1"), texts(host.path("DnsOptions")));
    assertFalse(host(spec()).has("Init"));
  }

  @Test
  void privileges() {
    Privileges.Builder privileges = Privileges.newBuilder().setNoNewPrivileges(true);
    privileges.getCredentialSpecBuilder().setFile("spec.json");
    privileges.getSelinuxContextBuilder().setDisable(true).setUser("u").setLevel("l");
    privileges
        .getSeccompBuilder()
        .setMode(Privileges.SeccompOpts.SeccompMode.CUSTOM)
        .setProfile(ByteString.copyFromUtf8("{}"));
    privileges.getApparmorBuilder().setMode(Privileges.AppArmorOpts.AppArmorMode.DISABLED);
    assertEquals(
        List.of(
            "credentialspec=file://spec.json",
            "label=disable",
            "label=user:u",
            "label=level:l",
            "seccomp={}",
            "apparmor=unconfined",
            "no-new-privileges=true"),
        texts(host(spec().setPrivileges(privileges)).path("SecurityOpt")));
  }

  @Test
  void healthcheck() {
    ContainerSpec.Builder spec = spec();
    spec.getHealthcheckBuilder()
        .addTest("CMD")
        .addTest("true")
        .setInterval(Duration.newBuilder().setSeconds(1).setNanos(5))
        .setTimeout(Duration.newBuilder().setSeconds(2))
        .setStartPeriod(Duration.newBuilder().setSeconds(3))
        .setStartInterval(Duration.newBuilder().setSeconds(4))
        .setRetries(6);
    JsonNode check = request(spec).path("Healthcheck");
    assertEquals(List.of("CMD", "true"), texts(check.path("Test")));
    assertEquals(1_000_000_005L, check.path("Interval").asLong());
    assertEquals(2_000_000_000L, check.path("Timeout").asLong());
    assertEquals(3_000_000_000L, check.path("StartPeriod").asLong());
    assertEquals(4_000_000_000L, check.path("StartInterval").asLong());
    assertEquals(6, check.path("Retries").asInt());
  }

  @Test
  void mounts() {
    ContainerSpec.Builder spec = spec();
    spec.addMountsBuilder()
        .setType(Mount.Type.BIND)
        .setSource("/a")
        .setTarget("/b")
        .setReadonly(true)
        .getBindOptionsBuilder()
        .setPropagation(Mount.BindOptions.Propagation.RSLAVE)
        .setNonrecursive(true)
        .setCreatemountpoint(true)
        .setReadonlynonrecursive(true)
        .setReadonlyforcerecursive(true);
    spec.addMountsBuilder()
        .setType(Mount.Type.VOLUME)
        .setSource("v")
        .setTarget("/v")
        .getVolumeOptionsBuilder()
        .setNocopy(true)
        .setSubpath("sub")
        .putLabels("l", "1")
        .setDriverConfig(Driver.newBuilder().setName("local").putOptions("type", "nfs"));
    spec.addMountsBuilder()
        .setType(Mount.Type.TMPFS)
        .setTarget("/t")
        .getTmpfsOptionsBuilder()
        .setSizeBytes(4096)
        .setMode(01777)
        .setOptions("[[\"noexec\"]]");
    JsonNode mounts =
        ContainerRequest.of(
                task(spec).build(),
                List.of(new FileMount(Path.of("/secret/0"), "/run/secrets/key")),
                List.of())
            .path("HostConfig")
            .path("Mounts");
    JsonNode bind = mounts.path(0);
    assertEquals("bind", bind.path("Type").asText());
    assertTrue(bind.path("ReadOnly").asBoolean());
    assertEquals("rslave", bind.path("BindOptions").path("Propagation").asText());
    for (String flag :
        List.of(
            "NonRecursive", "CreateMountpoint", "ReadOnlyNonRecursive", "ReadOnlyForceRecursive")) {
      assertTrue(bind.path("BindOptions").path(flag).asBoolean(), flag);
    }
    JsonNode volume = mounts.path(1).path("VolumeOptions");
    assertTrue(volume.path("NoCopy").asBoolean());
    assertEquals("sub", volume.path("Subpath").asText());
    assertEquals("1", volume.path("Labels").path("l").asText());
    assertEquals("nfs", volume.path("DriverConfig").path("Options").path("type").asText());
    JsonNode tmpfs = mounts.path(2).path("TmpfsOptions");
    assertEquals(4096, tmpfs.path("SizeBytes").asInt());
    assertEquals(01777, tmpfs.path("Mode").asInt());
    assertEquals("noexec", tmpfs.path("Options").path(0).path(0).asText());
    assertEquals("/run/secrets/key", mounts.path(3).path("Target").asText());
    assertTrue(mounts.path(3).path("ReadOnly").asBoolean());
  }

  @Test
  void resourcesLogAndGenericResources() {
    Task.Builder task = task(spec());
    task.getSpecBuilder()
        .getResourcesBuilder()
        .setSwapBytes(Int64Value.of(50))
        .setMemorySwappiness(Int64Value.of(0))
        .getLimitsBuilder()
        .setMemoryBytes(100)
        .setNanoCpus(500_000_000);
    task.getLogDriverBuilder().setName("json-file").putOptions("max-size", "1m");
    task.addAssignedGenericResourcesBuilder()
        .getNamedResourceSpecBuilder()
        .setKind("gpu")
        .setValue("a");
    task.addAssignedGenericResourcesBuilder()
        .getNamedResourceSpecBuilder()
        .setKind("gpu")
        .setValue("b");
    task.addAssignedGenericResourcesBuilder()
        .getDiscreteResourceSpecBuilder()
        .setKind("ssd")
        .setValue(3);
    JsonNode body = request(task.build());
    JsonNode host = body.path("HostConfig");
    assertEquals(100, host.path("Memory").asInt());
    assertEquals(150, host.path("MemorySwap").asInt());
    assertTrue(host.path("MemorySwappiness").isNumber());
    assertEquals(500_000_000, host.path("NanoCpus").asInt());
    assertEquals("json-file", host.path("LogConfig").path("Type").asText());
    assertEquals("1m", host.path("LogConfig").path("Config").path("max-size").asText());
    assertEquals(
        List.of("DOCKER_RESOURCE_GPU=a,b", "DOCKER_RESOURCE_SSD=3"), texts(body.path("Env")));
  }

  @Test
  void portsOfBothModesAreBoundOnTheHost() {
    Task.Builder task = task(spec());
    task.getEndpointBuilder()
        .addPorts(port(80, 8080, PublishMode.INGRESS))
        .addPorts(port(80, 8081, PublishMode.HOST))
        .addPorts(port(53, 0, PublishMode.HOST).toBuilder().setProtocol(Protocol.UDP));
    JsonNode body = request(task.build());
    JsonNode bindings = body.path("HostConfig").path("PortBindings");
    assertEquals("8080", bindings.path("80/tcp").path(0).path("HostPort").asText());
    assertEquals("8081", bindings.path("80/tcp").path(1).path("HostPort").asText());
    assertEquals("", bindings.path("53/udp").path(0).path("HostPort").asText("none"));
    assertTrue(body.path("ExposedPorts").has("80/tcp"));
    assertTrue(body.path("ExposedPorts").has("53/udp"));
  }

  private static PortConfig port(int target, int published, PublishMode mode) {
    return PortConfig.newBuilder()
        .setTargetPort(target)
        .setPublishedPort(published)
        .setPublishMode(mode)
        .build();
  }

  @Test
  void onlyNetworksOfTheHostCanBeJoined() {
    Task.Builder task = task(spec());
    task.addNetworksBuilder().getNetworkBuilder().getSpecBuilder().setIngress(true);
    assertFalse(request(task.build()).path("HostConfig").has("NetworkMode"));
    task.addNetworksBuilder()
        .getNetworkBuilder()
        .getSpecBuilder()
        .getAnnotationsBuilder()
        .setName("host")
        .putLabels("com.docker.swarm.predefined", "true");
    assertEquals("host", request(task.build()).path("HostConfig").path("NetworkMode").asText());
    task.addNetworksBuilder().getNetworkBuilder().getDriverStateBuilder().setName("overlay");
    assertThrows(EngineException.class, () -> request(task.build()));
  }

  @Test
  void placesWithinTheNodeAreAskedForByAddress() {
    Task.Builder task = task(spec());
    attach(task, "front", "10.0.1.3/24", true);
    attach(task, "back", "10.0.2.9/24", true).addAliases("db");
    JsonNode body = request(task.build());
    assertEquals("front", body.path("HostConfig").path("NetworkMode").asText());
    JsonNode endpoint = body.at("/NetworkingConfig/EndpointsConfig/front");
    assertEquals("10.0.1.3", endpoint.at("/IPAMConfig/IPv4Address").asText());
    assertEquals(List.of("web", "tasks.web"), texts(endpoint.path("Aliases")));
    assertEquals(1, body.at("/NetworkingConfig/EndpointsConfig").size());

    ContainerNetwork further = TaskPlaces.of(task.build()).get(1);
    assertEquals(
        new ContainerNetwork("back", false, "10.0.2.9", List.of("db", "web", "tasks.web")),
        further);
  }

  @Test
  void aNetworkBetweenNodesIsNotJoinedAsIfItEndedHere() {
    Task.Builder task = task(spec());
    attach(task, "front", "10.0.1.3/24", false);
    EngineException cannot = assertThrows(EngineException.class, () -> request(task.build()));
    assertEquals("this node cannot join the network front", cannot.getMessage());
  }

  private static NetworkAttachment.Builder attach(
      Task.Builder task, String name, String address, boolean within) {
    NetworkAttachment.Builder attachment = task.addNetworksBuilder().addAddresses(address);
    attachment.getNetworkBuilder().getSpecBuilder().getAnnotationsBuilder().setName(name);
    attachment.getNetworkBuilder().getDriverStateBuilder().setName("overlay");
    if (within) {
      attachment
          .getNetworkBuilder()
          .getDriverStateBuilder()
          .putOptions("dev.swarm.network.within-node", "true");
    }
    return attachment;
  }

  @Test
  void anImageIsNeeded() {
    EngineException missing =
        assertThrows(EngineException.class, () -> request(ContainerSpec.newBuilder()));
    assertEquals("dockerexec: image required", missing.getMessage());
  }

  @Test
  void nameAndTagOfAnImageTravelApart() {
    assertEquals("/images/create?fromImage=nginx&tag=latest", ImagePuller.path("nginx"));
    assertEquals("/images/create?fromImage=nginx&tag=1.2", ImagePuller.path("nginx:1.2"));
    assertEquals(
        "/images/create?fromImage=r%3A5000%2Fa%2Fb&tag=latest", ImagePuller.path("r:5000/a/b"));
    assertEquals(
        "/images/create?fromImage=r%3A5000%2Fb&tag=sha256%3Aff",
        ImagePuller.path("r:5000/b:1@sha256:ff"));
  }
}
