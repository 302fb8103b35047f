package dev.swarm.core.control.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.allocator.NetworkPlan;
import dev.swarm.core.control.Swarm;
import dev.swarm.core.control.service.ServiceControl;
import dev.swarm.core.model.Attachment;
import dev.swarm.core.model.Meta;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Slot;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.model.TaskStatus;
import dev.swarm.core.plan.Rejection;
import dev.swarm.core.plan.Rejection.Kind;
import dev.swarm.core.store.Change;
import docker.swarmkit.v1.CreateNetworkRequest;
import docker.swarmkit.v1.GetNetworkRequest;
import docker.swarmkit.v1.IPAMConfig;
import docker.swarmkit.v1.ListNetworksRequest;
import docker.swarmkit.v1.Network;
import docker.swarmkit.v1.NetworkSpec;
import docker.swarmkit.v1.NodeRole;
import docker.swarmkit.v1.RemoveNetworkRequest;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkControlTest {
  private final Swarm swarm = new Swarm();

  @Test
  void isDefinedUsedAndRemovedWhenNoLongerUsed() {
    Network net = create("back", s -> s.getIpamBuilder().addConfigs(subnet("10.5.0.0/24")));
    swarm.create(
        Swarm.spec("web", s -> s.getTaskBuilder().addNetworksBuilder().setTarget(net.getId())));
    RemoveNetworkRequest remove =
        RemoveNetworkRequest.newBuilder().setNetworkId(net.getId()).build();

    Rejection why = swarm.reject(NetworkControl.remove(remove));
    assertEquals(Kind.FAILED_PRECONDITION, why.kind());
    assertEquals("network 'back' is in use by the following service: web", why.message());

    swarm.accept(
        ServiceControl.update(swarm.updateRequest("web", s -> s.getTaskBuilder().clearNetworks())));
    swarm.accept(NetworkControl.remove(remove));
    assertEquals(Kind.NOT_FOUND, swarm.reject(NetworkControl.remove(remove)).kind());
  }

  @Test
  void isFoundByIdOrName() {
    Network net = create("back", s -> {});
    for (GetNetworkRequest request :
        new GetNetworkRequest[] {
          GetNetworkRequest.newBuilder().setNetworkId(net.getId()).build(),
          GetNetworkRequest.newBuilder().setName("back").build()
        }) {
      assertEquals(net, swarm.query(NetworkControl.get(swarm.snapshot, request)).getNetwork());
    }
    assertEquals(
        net,
        NetworkControl.list(swarm.snapshot, ListNetworksRequest.getDefaultInstance())
            .getNetworks(0));
  }

  @Test
  void thereIsOneIngressNetwork() {
    Network ingress = create("ingress", s -> s.setIngress(true));
    assertEquals(
        Kind.ALREADY_EXISTS,
        swarm.reject(NetworkControl.create(request("other", s -> s.setIngress(true)))).kind());
    assertEquals(
        Kind.INVALID,
        swarm
            .reject(
                ServiceControl.create(
                    Swarm.createRequest(
                        Swarm.spec(
                            "web",
                            s ->
                                s.getTaskBuilder()
                                    .addNetworksBuilder()
                                    .setTarget(ingress.getId())))))
            .kind());
    swarm.create(Swarm.spec("web", s -> s.getEndpointBuilder().addPorts(Swarm.port(80, 80))));
    assertEquals(
        Kind.FAILED_PRECONDITION,
        swarm
            .reject(
                NetworkControl.remove(
                    RemoveNetworkRequest.newBuilder().setNetworkId(ingress.getId()).build()))
            .kind());
  }

  @Test
  void theIngressNetworkStaysUntilTheLastTaskOnItHasStopped() {
    Network ingress = create("ingress", s -> s.setIngress(true));
    NodeId node = swarm.node("n1", Node.State.READY, NodeRole.WORKER);
    swarm.create(Swarm.spec("web", s -> s.getEndpointBuilder().addPorts(Swarm.port(80, 80))));
    ServiceId web = swarm.service("web").id();
    TaskId task = new TaskId("t1");
    swarm.apply(
        new Change.CreateTask(
            task, web, new Slot.Replica(1), NodeId.NONE, TaskState.RUNNING, false),
        new Change.AssignTask(
            task,
            node,
            List.of(new Attachment(ingress.getId(), List.of("10.0.0.9/24"))),
            List.of()),
        Change.AdvanceTask.desire(task, TaskState.REMOVE),
        new Change.RemoveService(web));
    RemoveNetworkRequest remove =
        RemoveNetworkRequest.newBuilder().setNetworkId(ingress.getId()).build();
    assertEquals(
        "the ingress network cannot be removed because task t1 has not stopped yet",
        swarm.reject(NetworkControl.remove(remove)).message());
    swarm.apply(
        Change.AdvanceTask.report(task, TaskStatus.of(TaskState.SHUTDOWN, swarm.now, "stopped")));
    swarm.accept(NetworkControl.remove(remove));
  }

  @Test
  void predefinedNetworksStay() {
    swarm.apply(
        new Change.PutNetwork(
            new dev.swarm.core.model.Network("h", Meta.NONE, NetworkPlan.predefined("host"))));
    assertEquals(
        "network host (h) is a swarm predefined network and cannot be removed",
        swarm
            .reject(
                NetworkControl.remove(RemoveNetworkRequest.newBuilder().setNetworkId("h").build()))
            .message());
  }

  @ParameterizedTest
  @ValueSource(strings = {"host", "bridge", "none"})
  void enginesOwnNetworksNeedNoDefinition(String network) {
    swarm.create(
        Swarm.spec("web", s -> s.getTaskBuilder().addNetworksBuilder().setTarget(network)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badSpecs")
  void refusesWhatMakesNoSense(String part, Kind kind, Consumer<NetworkSpec.Builder> spoil) {
    create("taken", s -> {});
    Rejection why = swarm.reject(NetworkControl.create(request("back", spoil)));
    assertEquals(kind, why.kind(), why.message());
    assertTrue(why.message().contains(part), why.message());
  }

  static Stream<Arguments> badSpecs() {
    return Stream.of(
        bad("cannot name", Kind.INVALID, s -> s.getAnnotationsBuilder().setName("a b")),
        bad("already exists", Kind.ALREADY_EXISTS, s -> s.getAnnotationsBuilder().setName("Taken")),
        bad("attachable", Kind.INVALID, s -> s.setIngress(true).setAttachable(true)),
        bad("use overlay", Kind.INVALID, s -> s.getDriverConfigBuilder().setName("weave")),
        bad("ipam driver", Kind.INVALID, s -> s.getIpamBuilder().getDriverBuilder().setName("x")),
        bad(
            "makes itself",
            Kind.PERMISSION_DENIED,
            s -> s.getAnnotationsBuilder().putLabels("com.docker.swarm.predefined", "true")),
        badSubnet("10.0.0.0", "", ""),
        badSubnet("10.0.0/24", "", ""),
        badSubnet("10.0.0.0/33", "", ""),
        badSubnet("10.0.0.0/-1", "", ""),
        badSubnet("example.com/24", "", ""),
        badSubnet("fd00::/129", "", ""),
        badSubnet("10.0.0.0/24", "10.0.1.0/25", ""),
        badSubnet("10.0.0.0/24", "10.0.0.0/16", ""),
        badSubnet("10.0.0.0/24", "", "10.0.1.1"),
        badSubnet("10.0.0.0/24", "", "fd00::1"),
        bad(
            "overlaps",
            Kind.INVALID,
            s ->
                s.getIpamBuilder()
                    .addConfigs(subnet("10.0.0.0/16"))
                    .addConfigs(subnet("10.0.3.0/24"))));
  }

  private static Arguments bad(String part, Kind kind, Consumer<NetworkSpec.Builder> spoil) {
    return Arguments.of(part, kind, spoil);
  }

  private static Arguments badSubnet(String subnet, String range, String gateway) {
    return bad(
        "is invalid",
        Kind.INVALID,
        s ->
            s.getIpamBuilder()
                .addConfigs(subnet(subnet).toBuilder().setRange(range).setGateway(gateway)));
  }

  private static IPAMConfig subnet(String subnet) {
    return IPAMConfig.newBuilder().setSubnet(subnet).build();
  }

  private Network create(String name, Consumer<NetworkSpec.Builder> edit) {
    return swarm.accept(NetworkControl.create(request(name, edit))).getNetwork();
  }

  private static CreateNetworkRequest request(String name, Consumer<NetworkSpec.Builder> edit) {
    NetworkSpec.Builder spec = NetworkSpec.newBuilder();
    spec.getAnnotationsBuilder().setName(name);
    edit.accept(spec);
    return CreateNetworkRequest.newBuilder().setSpec(spec).build();
  }
}
