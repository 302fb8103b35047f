package dev.swarm.cli.node.engineapi.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.Any;
import com.google.protobuf.Timestamp;
import dev.swarm.v1.ProcessSpec;
import docker.swarmkit.v1.ClusterSpec;
import docker.swarmkit.v1.NodeSpec;
import docker.swarmkit.v1.RestartPolicy.RestartCondition;
import docker.swarmkit.v1.ServiceSpec;
import docker.swarmkit.v1.Task;
import docker.swarmkit.v1.TaskState;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpecStoriesTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static JsonIn body(String json, int minor) {
    try {
      return JsonIn.body(MAPPER.readTree(json), minor);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static ServiceSpec service(String json, int minor) {
    return ServiceShapes.SERVICE_SPEC.readAs(ServiceSpec.class, body(json, minor));
  }

  private static ServiceSpec withTask(String fields) {
    return service("{\"TaskTemplate\":{\"ContainerSpec\":{}," + fields + "}}", 47);
  }

  @Test
  void nullIsAsGoodAsAbsent() {
    ServiceSpec spec =
        service(
            "{\"Name\":\"web\",\"Labels\":null,\"Networks\":null,\"EndpointSpec\":null,\"Mode\":null,"
                + "\"TaskTemplate\":{\"ContainerSpec\":{\"Image\":\"i\",\"Env\":[null,\"A=1\"],"
                + "\"Mounts\":[null],\"Secrets\":null},\"Networks\":null,\"Resources\":null}}",
            43);
    assertEquals(List.of("A=1"), spec.getTask().getContainer().getEnvList());
    assertEquals(0, spec.getTask().getContainer().getMountsCount());
    assertEquals(0, spec.getTask().getNetworksCount());
    assertEquals(
        0,
        service("{\"TaskTemplate\":{\"ContainerSpec\":{}},\"Networks\":[null]}", 43)
            .getTask()
            .getNetworksCount());
  }

  /** It was left out without a word. */
  @Test
  void aLimitOfProcessesNeedsAContainer() {
    String process =
        "{\"TaskTemplate\":{\"Runtime\":\"process\",\"ProcessSpec\":{\"Command\":[\"a\"]},"
            + "\"Resources\":{\"Limits\":{\"Pids\":%d}}}}";
    BadJson refused = assertThrows(BadJson.class, () -> service(process.formatted(7), 47));
    assertTrue(String.valueOf(refused.getMessage()).contains("Pids: limits a container"));
    assertTrue(service(process.formatted(0), 47).getTask().hasGeneric());
  }

  @Test
  void aPortThatIsNotNamedIsTheOnePublished() {
    ServiceSpec spec =
        service(
            "{\"TaskTemplate\":{\"ContainerSpec\":{}},\"EndpointSpec\":{\"Ports\":["
                + "{\"PublishedPort\":8080},{\"PublishedPort\":81,\"TargetPort\":80}]}}",
            47);
    assertEquals(8080, spec.getEndpoint().getPorts(0).getTargetPort());
    assertEquals(80, spec.getEndpoint().getPorts(1).getTargetPort());
  }

  @Test
  void defaultsAreThoseOfTheEngine() {
    ServiceSpec spec =
        service("{\"TaskTemplate\":{\"ContainerSpec\":{},\"RestartPolicy\":{}}}", 47);
    assertEquals(1, spec.getReplicated().getReplicas());
    assertEquals(RestartCondition.ANY, spec.getTask().getRestart().getCondition());
    ServiceSpec job =
        service(
            "{\"TaskTemplate\":{\"ContainerSpec\":{}},\"Mode\":{\"ReplicatedJob\":{\"MaxConcurrent\":3}}}",
            47);
    assertEquals(3, job.getReplicatedJob().getTotalCompletions());
    assertEquals(
        0,
        service(
                "{\"TaskTemplate\":{\"ContainerSpec\":{}},\"Mode\":{\"Replicated\":{\"Replicas\":0}}}",
                47)
            .getReplicated()
            .getReplicas());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"Networks\":[{\"Target\":7}] | TaskTemplate.Networks[0].Target: expected a string, got"
            + " the number 7",
        "\"ForceUpdate\":-1 | TaskTemplate.ForceUpdate: -1 must not be negative",
        "\"Resources\":{\"Limits\":{\"NanoCPUs\":-5}} | TaskTemplate.Resources.Limits.NanoCPUs: -5"
            + " must not be negative",
        "\"Resources\":{\"Limits\":{\"NanoCPUs\":1.5}} | TaskTemplate.Resources.Limits.NanoCPUs:"
            + " expected a whole number, got the number 1.5",
        "\"Resources\":{\"Limits\":{\"MemoryBytes\":99999999999999999999}} |"
            + " TaskTemplate.Resources.Limits.MemoryBytes: 99999999999999999999 does not fit in 64"
            + " bits",
        "\"RestartPolicy\":{\"Condition\":\"maybe\"} | TaskTemplate.RestartPolicy.Condition:"
            + " \"maybe\" is not one of none, on-failure, any",
        "\"Placement\":[] | TaskTemplate.Placement: expected an object, got a list",
        "\"LogDriver\":{\"Options\":{\"a\":true}} | TaskTemplate.LogDriver.Options.a: expected a"
            + " string, got a boolean",
        "\"Runtime\":\"plugin\" | TaskTemplate.Runtime: unsupported runtime \"plugin\", must be"
            + " \"container\" or \"process\"",
        "\"Runtime\":\"process\" | TaskTemplate.ProcessSpec: must be set: mismatched Runtime and"
            + " *Spec fields",
        "\"Runtime\":\"process\",\"ProcessSpec\":{} | TaskTemplate.ProcessSpec.Command: must name a"
            + " program",
      })
  void aWrongFieldIsNamed(String fields, String expected) {
    BadJson bad = assertThrows(BadJson.class, () -> withTask(fields));
    assertEquals("invalid JSON: " + expected, bad.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[] | expected an object, got a list",
        "{} | TaskTemplate: must be set",
        "{\"TaskTemplate\":{}} | TaskTemplate.ContainerSpec: must be set: mismatched Runtime and"
            + " *Spec fields",
        "{\"TaskTemplate\":{\"ContainerSpec\":{}},\"Mode\":{\"Global\":{},\"Replicated\":{}}} |"
            + " Mode.Global: excludes another choice that is set as well; set only one of them",
        "{\"TaskTemplate\":{\"ContainerSpec\":{\"Image\":\"\\ud800\"}}} |"
            + " TaskTemplate.ContainerSpec.Image: is not valid Unicode",
        "{\"TaskTemplate\":{\"ContainerSpec\":{\"Privileges\":{\"CredentialSpec\":{}}}}} |"
            + " TaskTemplate.ContainerSpec.Privileges.CredentialSpec: one of Config, File and"
            + " Registry must be set",
        "{\"TaskTemplate\":{\"ContainerSpec\":{\"Configs\":[{\"ConfigID\":\"x\"}]}}} |"
            + " TaskTemplate.ContainerSpec.Configs[0]: either File or Runtime must be set",
        "{\"TaskTemplate\":{\"ContainerSpec\":{}},\"EndpointSpec\":{\"Ports\":[{\"TargetPort\":70000}]}}"
            + " | EndpointSpec.Ports[0].TargetPort: 70000 is not between 0 and 65535",
      })
  void aWrongSpecIsNamed(String json, String expected) {
    BadJson bad = assertThrows(BadJson.class, () -> service(json, 47));
    assertEquals("invalid JSON: " + expected, bad.getMessage());
  }

  @Test
  void unknownFieldsAreIgnoredAndListed() {
    JsonIn in = body("{\"TaskTemplate\":{\"ContainerSpec\":{\"Colour\":1}},\"Extra\":{}}", 47);
    var _ = ServiceShapes.SERVICE_SPEC.readAs(ServiceSpec.class, in);
    assertEquals(List.of("TaskTemplate.ContainerSpec.Colour", "Extra"), in.unknownFields());
  }

  @Test
  void namesMatchInAnyCase() {
    assertEquals(
        "busybox",
        service("{\"tasktemplate\":{\"containerspec\":{\"IMAGE\":\"busybox\"}}}", 47)
            .getTask()
            .getContainer()
            .getImage());
  }

  @Test
  void oldVersionsDoNotKnowNewFields() {
    String json =
        "{\"TaskTemplate\":{\"ContainerSpec\":{\"Sysctls\":{\"a\":\"b\"}},"
            + "\"Resources\":{\"Limits\":{\"Pids\":9}}},\"Networks\":[{\"Target\":\"n\"}]}";
    ServiceSpec old = service(json, 39);
    assertEquals(0, old.getTask().getContainer().getSysctlsCount());
    assertEquals(0, old.getTask().getContainer().getPidsLimit());
    assertEquals("n", old.getTask().getNetworks(0).getTarget());
    ServiceSpec current = service(json, 47);
    assertEquals(1, current.getTask().getContainer().getSysctlsCount());
    assertEquals(9, current.getTask().getContainer().getPidsLimit());
    assertEquals(0, current.getTask().getNetworksCount());
  }

  @Test
  void aNodeWithoutRoleIsNotDemoted() {
    BadJson bad =
        assertThrows(
            BadJson.class,
            () ->
                NodeShapes.NODE_SPEC.readAs(
                    NodeSpec.class, body("{\"Availability\":\"drain\"}", 47)));
    assertEquals("invalid JSON: Role: must be set", bad.getMessage());
  }

  @Test
  void clusterSettingsAreMerged() {
    ClusterSpec.Builder spec = ClusterSpec.newBuilder();
    spec.getRaftBuilder().setSnapshotInterval(10_000).setHeartbeatTick(1);
    ClusterShapes.CLUSTER_SPEC.merge(
        body("{\"Raft\":{\"HeartbeatTick\":2},\"CAConfig\":{\"SigningCAKey\":\"k\"}}", 47), spec);
    assertEquals(10_000, spec.getRaft().getSnapshotInterval());
    assertEquals(2, spec.getRaft().getHeartbeatTick());
    assertEquals("k", spec.getCaConfig().getSigningCaKey().toStringUtf8());
    assertFalse(ClusterShapes.CLUSTER_SPEC.write(spec.build()).toString().contains("SigningCAKey"));
  }

  @Test
  void aTaskLooksAsTheEngineShowsIt() {
    Task.Builder task = Task.newBuilder().setId("t1").setSlot(2).setDesiredState(TaskState.RUNNING);
    task.getStatusBuilder()
        .setState(TaskState.STARTING)
        .setTimestamp(Timestamp.newBuilder().setSeconds(1_700_000_000).setNanos(120_000_000));
    task.getSpecBuilder().getContainerBuilder().setImage("busybox");
    var json = TaskShapes.TASK.write(task.build());
    assertEquals("starting", json.at("/Status/State").textValue());
    assertEquals("2023-11-14T22:13:20.12Z", json.at("/Status/Timestamp").textValue());
    assertEquals("running", json.path("DesiredState").textValue());
    assertEquals("busybox", json.at("/Spec/ContainerSpec/Image").textValue());
    assertTrue(json.path("Labels").isObject());
    assertTrue(json.path("Volumes").isNull());
    assertTrue(json.at("/Spec/Runtime").isMissingNode());
    assertTrue(json.path("Reason").isMissingNode());
    task.setReason("node drained: n1");
    assertEquals(
        "node drained: n1", TaskShapes.TASK.write(task.build()).path("Reason").textValue());
    assertTrue(json.at("/Status/Err").isMissingNode(), "a field of its own: tools take no harm");
  }

  @Test
  void anyGenericTaskCanBeShown() {
    Task.Builder task = Task.newBuilder();
    task.getSpecBuilder()
        .getGenericBuilder()
        .setKind("process")
        .setPayload(Any.pack(ProcessSpec.getDefaultInstance()));
    assertEquals(
        "process", TaskShapes.TASK.write(task.build()).at("/Spec/ContainerSpec/Image").textValue());
    task.getSpecBuilder().getGenericBuilder().setKind("plugin").clearPayload();
    assertEquals("plugin", TaskShapes.TASK.write(task.build()).at("/Spec/Runtime").textValue());
  }

  @Test
  void anyTimeOfAWorkerCanBeShown() {
    assertEquals(
        "9999-12-31T23:59:59Z",
        Times.rfc3339(Timestamp.newBuilder().setSeconds(Long.MAX_VALUE).build()));
    assertEquals(
        "1970-01-01T00:00:00.000000007Z",
        Times.rfc3339Padded(Timestamp.newBuilder().setNanos(7).build()));
  }
}
