package dev.swarm.manager.dispatcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import docker.swarmkit.v1.Driver;
import docker.swarmkit.v1.IPAMOptions;
import docker.swarmkit.v1.Network;
import docker.swarmkit.v1.NetworkAttachment;
import docker.swarmkit.v1.NetworkAttachmentSpec;
import docker.swarmkit.v1.Peer;
import docker.swarmkit.v1.SessionMessage;
import docker.swarmkit.v1.Task;
import docker.swarmkit.v1.WeightedPeer;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each hole that would end a stock engine, or cut it off, made in a message that is whole. */
class WireGuardTest {
  private static final Driver DRIVER = Driver.newBuilder().setName("overlay").build();

  private static NetworkAttachment overlay() {
    Network.Builder network = Network.newBuilder().setId("net").setDriverState(DRIVER);
    network.getIpamBuilder().setDriver(DRIVER);
    return NetworkAttachment.newBuilder().setNetwork(network).addAddresses("10.0.0.2/24").build();
  }

  private static NetworkAttachment ingress() {
    NetworkAttachment.Builder attachment = overlay().toBuilder();
    attachment.getNetworkBuilder().getSpecBuilder().setIngress(true);
    return attachment.build();
  }

  private static Task.Builder task() {
    Task.Builder task = Task.newBuilder().setId("t").setNodeId("n");
    task.getSpecBuilder().getContainerBuilder().setImage("nginx");
    return task.addNetworks(overlay()).addNetworks(overlay());
  }

  private static SessionMessage.Builder session() {
    SessionMessage.Builder message = SessionMessage.newBuilder().setSessionId("s");
    message.addManagers(manager("192.0.2.1:2377")).addManagers(manager("192.0.2.2:2377"));
    message.getNodeBuilder().addAttachments(overlay()).addAttachments(ingress());
    return message;
  }

  private static WeightedPeer manager(String addr) {
    return WeightedPeer.newBuilder().setPeer(Peer.newBuilder().setAddr(addr)).build();
  }

  @Test
  void whatIsWholeMayLeave() {
    assertEquals(Optional.empty(), WireGuard.problem(task().build()));
    assertEquals(Optional.empty(), WireGuard.problem(task().clearNetworks().build()));
    assertEquals(Optional.empty(), WireGuard.problem(session().build()));
    assertEquals(Optional.empty(), WireGuard.problem(session().clearNode().build()));

    Task.Builder host = task(); // a network of the node itself has no address management
    host.getNetworksBuilder(0).getNetworkBuilder().clearIpam();
    assertEquals(Optional.empty(), WireGuard.problem(host.build()));

    Task.Builder generic = task();
    generic.getSpecBuilder().getGenericBuilder().setKind("process").setPayload(Any.newBuilder());
    assertEquals(Optional.empty(), WireGuard.problem(generic.build()));

    Task.Builder attachment = task();
    attachment.getSpecBuilder().setAttachment(NetworkAttachmentSpec.newBuilder());
    assertEquals(Optional.empty(), WireGuard.problem(attachment.build()));
  }

  static Map<String, Consumer<Task.Builder>> tasksWithAHole() {
    return Map.of(
        "no id", Task.Builder::clearId,
        "no node", Task.Builder::clearNodeId,
        "no spec", Task.Builder::clearSpec,
        "no runtime", t -> t.getSpecBuilder().clearContainer(),
        "no image", t -> t.getSpecBuilder().getContainerBuilder().clearImage(),
        "no payload", t -> t.getSpecBuilder().getGenericBuilder().setKind("process"),
        "no network", t -> t.getNetworksBuilder(1).clearNetwork(),
        "no driver state", t -> t.getNetworksBuilder(1).getNetworkBuilder().clearDriverState(),
        "no address driver",
            t -> t.getNetworksBuilder(1).getNetworkBuilder().setIpam(IPAMOptions.newBuilder()));
  }

  static Map<String, Consumer<SessionMessage.Builder>> sessionsWithAHole() {
    return Map.of(
        "no id", SessionMessage.Builder::clearSessionId,
        "no manager", SessionMessage.Builder::clearManagers,
        "no peer", s -> s.getManagersBuilder(1).clearPeer(),
        "no address", s -> s.getManagersBuilder(1).getPeerBuilder().clearAddr(),
        "no driver state", s -> ingress(s).getNetworkBuilder().clearDriverState(),
        "no addresses managed", s -> ingress(s).getNetworkBuilder().clearIpam(),
        "no address driver", s -> ingress(s).getNetworkBuilder().getIpamBuilder().clearDriver(),
        "an attachment of old without its network",
            s -> s.getNodeBuilder().getAttachmentBuilder().addAddresses("10.0.0.3/24"));
  }

  private static NetworkAttachment.Builder ingress(SessionMessage.Builder message) {
    return message.getNodeBuilder().getAttachmentsBuilder(1);
  }

  @ParameterizedTest
  @MethodSource("taskHoles")
  void aTaskWithAHoleStays(String hole) {
    Task.Builder task = task();
    holeIn(tasksWithAHole(), hole).accept(task);
    assertSays(WireGuard.problem(task.build()));
  }

  @ParameterizedTest
  @MethodSource("sessionHoles")
  void aSessionMessageWithAHoleStays(String hole) {
    SessionMessage.Builder message = session();
    holeIn(sessionsWithAHole(), hole).accept(message);
    assertSays(WireGuard.problem(message.build()));
  }

  static Iterable<String> taskHoles() {
    return tasksWithAHole().keySet();
  }

  static Iterable<String> sessionHoles() {
    return sessionsWithAHole().keySet();
  }

  private static <T> Consumer<T> holeIn(Map<String, Consumer<T>> holes, String hole) {
    return Optional.ofNullable(holes.get(hole)).orElseThrow();
  }

  private static void assertSays(Optional<String> problem) {
    assertTrue(problem.isPresent());
    assertFalse(problem.get().isBlank());
  }
}
