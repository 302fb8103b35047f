package dev.swarm.core.control.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.control.Swarm;
import dev.swarm.core.control.task.TaskControl;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.plan.Rejection.Kind;
import dev.swarm.core.store.Snapshot;
import dev.swarm.core.wire.ToWire;
import docker.swarmkit.v1.AttachNetworkRequest;
import docker.swarmkit.v1.CreateNetworkRequest;
import docker.swarmkit.v1.DetachNetworkRequest;
import docker.swarmkit.v1.ListTasksRequest;
import docker.swarmkit.v1.Network;
import docker.swarmkit.v1.NodeRole;
import docker.swarmkit.v1.RemoveNetworkRequest;
import org.junit.jupiter.api.Test;

/** Containers of a node's own user on the cluster's networks. */
class AttachmentControlTest {
  private final Swarm swarm = new Swarm();
  private final NodeId node = swarm.node("n1", Node.State.READY, NodeRole.WORKER);
  private final NodeId other = swarm.node("n2", Node.State.READY, NodeRole.WORKER);

  @Test
  void aContainerGetsAPlaceUntilItIsGone() {
    Network net = network("open", true);
    TaskId id = attach(request("open"));
    Task task = swarm.snapshot.tasks().find(id).orElseThrow();
    assertEquals(node, task.node());
    assertEquals(TaskState.ASSIGNED, task.state());
    assertTrue(task.isDispatched());
    docker.swarmkit.v1.Task wire = ToWire.task(task, swarm.snapshot.networks()::find);
    assertEquals("abc", wire.getSpec().getAttachment().getContainerId());
    assertEquals(net, wire.getNetworks(0).getNetwork());
    assertEquals("10.0.0.2/24", wire.getNetworks(0).getAddresses(0));
    assertEquals(
        "network 'open' is in use by task " + id,
        swarm
            .reject(
                NetworkControl.remove(
                    RemoveNetworkRequest.newBuilder().setNetworkId(net.getId()).build()))
            .message());

    DetachNetworkRequest detach =
        DetachNetworkRequest.newBuilder().setAttachmentId(id.value()).build();
    assertEquals(
        Kind.PERMISSION_DENIED, swarm.reject(AttachmentControl.detach(other, detach)).kind());
    swarm.accept(AttachmentControl.detach(node, detach));
    assertEquals(Kind.NOT_FOUND, swarm.reject(AttachmentControl.detach(node, detach)).kind());
    assertTrue(swarm.snapshot.addressesOf(net.getId()).taken().isEmpty());
  }

  @Test
  void anAddressMayBeAskedFor() {
    network("open", true);
    AttachNetworkRequest.Builder request = request("open").toBuilder();
    request.getConfigBuilder().addAddresses("10.0.0.77");
    assertEquals("10.0.0.77/24", address(attach(request.build())));
    assertEquals("10.0.0.78/24", address(attach(request("open"))));
    assertEquals(
        Kind.FAILED_PRECONDITION,
        swarm.reject(AttachmentControl.attach(node, request.build())).kind());
    request.getConfigBuilder().setAddresses(0, "10.0.1.1");
    assertEquals(
        Kind.FAILED_PRECONDITION,
        swarm.reject(AttachmentControl.attach(node, request.build())).kind());
  }

  @Test
  void onlyAttachableNetworksTakeContainers() {
    network("closed", false);
    assertEquals(
        "network closed not manually attachable",
        swarm.reject(AttachmentControl.attach(node, request("closed"))).message());
    assertEquals(
        Kind.NOT_FOUND, swarm.reject(AttachmentControl.attach(node, request("none"))).kind());
    assertEquals(
        Kind.INVALID,
        swarm
            .reject(AttachmentControl.attach(node, AttachNetworkRequest.getDefaultInstance()))
            .kind());
  }

  @Test
  void aNetworkWithinOneNodeTakesContainersOfThatNodeOnly() {
    swarm.node("n1", Node.State.READY, NodeRole.WORKER, Node.OVERLAY_WITHIN_NODE);
    swarm.node("n2", Node.State.READY, NodeRole.WORKER, Node.OVERLAY_WITHIN_NODE);
    network("open", true);
    TaskId id = attach(request("open"));
    assertEquals(
        "network open does not reach this node: other nodes carry it",
        swarm.reject(AttachmentControl.attach(other, request("open"))).message());
    attach(request("open"));
    swarm.accept(
        AttachmentControl.detach(
            node, DetachNetworkRequest.newBuilder().setAttachmentId(id.value()).build()));
    assertEquals(
        Kind.FAILED_PRECONDITION,
        swarm.reject(AttachmentControl.attach(other, request("open"))).kind());
  }

  @Test
  void whereStockEnginesCarryNetworksOthersHaveNoPart() {
    swarm.node("n2", Node.State.READY, NodeRole.WORKER, Node.OVERLAY_WITHIN_NODE);
    network("open", true);
    assertEquals(
        Kind.FAILED_PRECONDITION,
        swarm.reject(AttachmentControl.attach(other, request("open"))).kind());
    attach(request("open"));
  }

  @Test
  void servicesListsDoNotShowThem() {
    network("open", true);
    attach(request("open"));
    Snapshot snapshot = swarm.snapshot;
    ListTasksRequest.Builder containers = ListTasksRequest.newBuilder();
    containers.getFiltersBuilder().addRuntimes("container");
    assertEquals(0, TaskControl.list(snapshot, containers.build()).getTasksCount());
  }

  private String address(TaskId id) {
    return swarm
        .snapshot
        .tasks()
        .find(id)
        .orElseThrow()
        .networks()
        .getFirst()
        .addresses()
        .getFirst();
  }

  private TaskId attach(AttachNetworkRequest request) {
    return new TaskId(swarm.accept(AttachmentControl.attach(node, request)).getAttachmentId());
  }

  private static AttachNetworkRequest request(String target) {
    AttachNetworkRequest.Builder request = AttachNetworkRequest.newBuilder().setContainerId("abc");
    request.getConfigBuilder().setTarget(target);
    return request.build();
  }

  private Network network(String name, boolean attachable) {
    CreateNetworkRequest.Builder request = CreateNetworkRequest.newBuilder();
    request.getSpecBuilder().setAttachable(attachable).getAnnotationsBuilder().setName(name);
    return swarm.accept(NetworkControl.create(request.build())).getNetwork();
  }
}
