package dev.swarm.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.Task;
import dev.swarm.core.net.HostPort;
import dev.swarm.core.pki.CertificateRequest;
import dev.swarm.core.pki.CredentialException;
import dev.swarm.core.pki.IdentityHolder;
import dev.swarm.core.pki.NodeIdentity;
import dev.swarm.core.pki.PrivateKeys;
import dev.swarm.core.pki.RootCertificate;
import dev.swarm.core.wire.Reported;
import dev.swarm.host.SystemClock;
import dev.swarm.manager.ca.ClusterBootstrap;
import dev.swarm.manager.tls.ManagerChannels;
import docker.swarmkit.v1.AssignmentsRequest;
import docker.swarmkit.v1.ControlGrpc;
import docker.swarmkit.v1.CreateConfigRequest;
import docker.swarmkit.v1.CreateServiceRequest;
import docker.swarmkit.v1.DispatcherGrpc;
import docker.swarmkit.v1.HeartbeatRequest;
import docker.swarmkit.v1.IssueNodeCertificateRequest;
import docker.swarmkit.v1.LogBrokerGrpc;
import docker.swarmkit.v1.NodeCAGrpc;
import docker.swarmkit.v1.NodeCertificateStatusRequest;
import docker.swarmkit.v1.NodeSpec;
import docker.swarmkit.v1.PublishLogsMessage;
import docker.swarmkit.v1.RemoveNodeRequest;
import docker.swarmkit.v1.SessionMessage;
import docker.swarmkit.v1.SessionRequest;
import docker.swarmkit.v1.TaskState;
import docker.swarmkit.v1.TaskStatus;
import docker.swarmkit.v1.UpdateTaskStatusRequest;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A worker with a good certificate that turned, over the network. */
@Timeout(120)
class HostileWorkerTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String NOBODYS = "nobodys";

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Context.CancellableContext streams = Context.current().withCancellation();
  private final ClusterBootstrap founding =
      ClusterBootstrap.create(
          ClusterBootstrap.defaultSpec(),
          NodeSpec.Availability.DRAIN,
          new RandomIds(RANDOM),
          RANDOM,
          new SystemClock().now());
  private final List<ManagedChannel> channels = new ArrayList<>();
  private final Manager manager;
  private final ControlGrpc.ControlBlockingStub control;
  private final Worker turned;
  private int names;

  /** A node as the manager knows it, and its connection. */
  private record Worker(NodeId id, IdentityHolder identity, ManagedChannel channel) {}

  HostileWorkerTest() throws IOException, CredentialException {
    manager =
        Manager.start(
            new ManagerOptions(
                new IdentityHolder(founding.identity(), new SystemClock()),
                Optional.empty(),
                Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                new HostPort("127.0.0.1", 2377),
                List::of,
                Optional.of(founding),
                false,
                false,
                Optional.empty(),
                key -> {},
                Optional.empty()));
    manager.ready().toCompletableFuture().join();
    control = ControlGrpc.newBlockingStub(manager.localChannel());
    turned = join();
  }

  private Worker join() throws CredentialException {
    KeyPair keys = PrivateKeys.generate(RANDOM);
    var ca = NodeCAGrpc.newBlockingStub(manager.localChannel());
    String id =
        ca.issueNodeCertificate(
                IssueNodeCertificateRequest.newBuilder()
                    .setToken(founding.cluster().object().getRootCa().getJoinTokens().getWorker())
                    .setCsr(ByteString.copyFrom(CertificateRequest.create(keys, RANDOM).pem()))
                    .build())
            .getNodeId();
    byte[] chain =
        ca.nodeCertificateStatus(NodeCertificateStatusRequest.newBuilder().setNodeId(id).build())
            .getCertificate()
            .getCertificate()
            .toByteArray();
    RootCertificate root =
        RootCertificate.parse(founding.cluster().object().getRootCa().getCaCert().toByteArray());
    IdentityHolder identity =
        new IdentityHolder(NodeIdentity.of(root, chain, keys.getPrivate()), new SystemClock());
    ManagedChannel channel =
        new ManagerChannels(identity, loops, Runnable::run)
            .open(new HostPort("127.0.0.1", manager.port().orElseThrow()));
    channels.add(channel);
    return new Worker(new NodeId(id), identity, channel);
  }

  private String register(Worker worker) {
    SessionRequest.Builder request = SessionRequest.newBuilder();
    var description = request.getDescriptionBuilder().setHostname("worker");
    description.getPlatformBuilder().setOs("linux").setArchitecture("amd64");
    String[] session = {""};
    streams.run(
        () -> {
          var messages = DispatcherGrpc.newBlockingStub(worker.channel).session(request.build());
          SessionMessage first = messages.next();
          session[0] = first.getSessionId();
        });
    return session[0];
  }

  private List<Task> tasks(int count) {
    CreateServiceRequest.Builder request = CreateServiceRequest.newBuilder();
    request.getSpecBuilder().getAnnotationsBuilder().setName("web");
    request.getSpecBuilder().getTaskBuilder().getContainerBuilder().setImage("nginx");
    request.getSpecBuilder().getReplicatedBuilder().setReplicas(count);
    var _ = control.createService(request.build());
    return manager
        .when(
            state ->
                state.tasks().stream().filter(t -> t.node().equals(turned.id)).count() == count)
        .toCompletableFuture()
        .orTimeout(60, TimeUnit.SECONDS)
        .join()
        .tasks()
        .stream()
        .toList();
  }

  private Code call(MethodDescriptor<?, ?> method, Message... messages) {
    List<byte[]> bytes = Arrays.stream(messages).map(Message::toByteArray).toList();
    Calls.Answer answer = Calls.call(turned.channel, method, bytes, this::allIsWell);
    allIsWell();
    assertFalse(answer.isOurMistake(), () -> answer.status().toString());
    return answer.status().getCode();
  }

  private void allIsWell() {
    assertTrue(manager.leads());
    CreateConfigRequest.Builder request = CreateConfigRequest.newBuilder();
    request.getSpecBuilder().setData(ByteString.copyFromUtf8("d"));
    request.getSpecBuilder().getAnnotationsBuilder().setName("c" + names++);
    var _ = control.createConfig(request.build());
    assertEquals(0, manager.faults());
  }

  private static UpdateTaskStatusRequest report(
      String session, List<Task> tasks, Consumer<TaskStatus.Builder> status) {
    UpdateTaskStatusRequest.Builder request =
        UpdateTaskStatusRequest.newBuilder().setSessionId(session);
    for (Task task : tasks) {
      status.accept(request.addUpdatesBuilder().setTaskId(task.id().value()).getStatusBuilder());
    }
    return request.build();
  }

  @Test
  void whatNoEntryHasRoomFor() {
    String session = register(turned);
    List<Task> tasks = tasks(3);
    for (int length : List.of(3_900_000, 1_300_000, 900_000)) {
      List<Task> some = tasks.subList(0, Math.min(3, 4_000_000 / length));
      UpdateTaskStatusRequest report =
          report(
              session,
              some,
              status -> status.setState(TaskState.PREPARING).setMessage("m".repeat(length)));
      assertEquals(Code.OK, call(DispatcherGrpc.getUpdateTaskStatusMethod(), report));
    }
    for (Task task : manager.requests().snapshot().tasks().stream().toList()) {
      assertTrue(task.status().message().length() <= Reported.TEXT_BYTES_MAX);
      assertTrue(task.status().message().endsWith("mmm"), "what fits is kept");
    }
  }

  @Test
  void timesThatAreNone() {
    String session = register(turned);
    List<Task> tasks = tasks(2);
    for (long seconds : List.of(31_556_889_864_403_199L, Long.MIN_VALUE)) {
      UpdateTaskStatusRequest report =
          report(
              session,
              tasks,
              status ->
                  status
                      .setState(TaskState.RUNNING)
                      .setTimestamp(Timestamp.newBuilder().setSeconds(seconds)));
      assertEquals(Code.INVALID_ARGUMENT, call(DispatcherGrpc.getUpdateTaskStatusMethod(), report));
    }
  }

  @Test
  void beforeItsSessionAndWithAnothers() throws CredentialException {
    Worker other = join();
    String theirs = register(other);
    for (String session : List.of("", NOBODYS, theirs)) {
      assertEquals(
          Code.INVALID_ARGUMENT,
          call(
              DispatcherGrpc.getHeartbeatMethod(),
              HeartbeatRequest.newBuilder().setSessionId(session).build()));
      var assignments =
          DispatcherGrpc.newBlockingStub(turned.channel)
              .assignments(AssignmentsRequest.newBuilder().setSessionId(session).build());
      StatusRuntimeException refused =
          assertThrows(StatusRuntimeException.class, assignments::hasNext);
      assertEquals(Code.ABORTED, refused.getStatus().getCode());
      assertEquals(
          Code.INVALID_ARGUMENT,
          call(
              DispatcherGrpc.getUpdateTaskStatusMethod(),
              report(session, List.of(), status -> {})));
    }
    var beat =
        DispatcherGrpc.newBlockingStub(other.channel)
            .heartbeat(HeartbeatRequest.newBuilder().setSessionId(theirs).build());
    assertTrue(beat.hasPeriod(), "the other's session goes on");
  }

  @Test
  void afterItWasRemoved() {
    String session = register(turned);
    var _ =
        control.removeNode(
            RemoveNodeRequest.newBuilder().setNodeId(turned.id.value()).setForce(true).build());
    Message beat = HeartbeatRequest.newBuilder().setSessionId(session).build();
    assertFalse(call(DispatcherGrpc.getHeartbeatMethod(), beat) == Code.OK);
    assertFalse(
        call(DispatcherGrpc.getSessionMethod(), SessionRequest.getDefaultInstance()) == Code.OK);
    assertFalse(
        call(DispatcherGrpc.getUpdateTaskStatusMethod(), report(session, List.of(), status -> {}))
            == Code.OK);
  }

  @Test
  void halfACallAndTooManyMessages() {
    String session = register(turned);
    Message beat = HeartbeatRequest.newBuilder().setSessionId(session).build();
    for (MethodDescriptor<?, ?> method : Calls.methods().toList()) {
      Calls.half(turned.channel, method, List.of());
      Calls.half(turned.channel, method, List.of(Calls.prototype(method).toByteArray()));
    }
    allIsWell();
    assertFalse(call(DispatcherGrpc.getHeartbeatMethod(), beat, beat) == Code.OK);
    assertEquals(Code.OK, call(DispatcherGrpc.getHeartbeatMethod(), beat));
  }

  @Test
  void messagesThatNeverEnd() throws Exception {
    String session = register(turned);
    String method = DispatcherGrpc.getUpdateTaskStatusMethod().getFullMethodName();
    int most = 4 << 20;
    try (UnfinishedMessages raw =
        new UnfinishedMessages(loops, turned.identity, manager.port().orElseThrow())) {
      List<CompletableFuture<String>> ends =
          IntStream.range(0, 8).mapToObj(i -> raw.begin(method, most)).toList();
      Object first = CompletableFuture.anyOf(ends.toArray(CompletableFuture<?>[]::new)).join();
      assertEquals(Integer.toString(Code.RESOURCE_EXHAUSTED.value()), first);
      allIsWell();
      assertTrue(ends.stream().anyMatch(end -> !end.isDone()), "what one node may, it may");
    }
    Message beat = HeartbeatRequest.newBuilder().setSessionId(session).build();
    assertEquals(Code.OK, call(DispatcherGrpc.getHeartbeatMethod(), beat));
  }

  @Test
  void logsInTheWrongOrder() {
    MethodDescriptor<?, ?> publish = LogBrokerGrpc.getPublishLogsMethod();
    PublishLogsMessage.Builder unasked = PublishLogsMessage.newBuilder().setSubscriptionId("s");
    unasked.addMessagesBuilder().getContextBuilder().setNodeId(turned.id.value());
    Message close = PublishLogsMessage.newBuilder().setSubscriptionId("s").setClose(true).build();
    assertEquals(Code.NOT_FOUND, call(publish, unasked.build()));
    assertEquals(Code.NOT_FOUND, call(publish, close, unasked.build(), close));
    assertEquals(Code.INVALID_ARGUMENT, call(publish, PublishLogsMessage.getDefaultInstance()));
    for (int i = 0; i <= 10_000; i++) {
      unasked.addMessagesBuilder();
    }
    assertEquals(Code.INVALID_ARGUMENT, call(publish, unasked.build(), unasked.build()));
  }

  @AfterEach
  void close() {
    streams.cancel(null);
    channels.forEach(ManagedChannel::shutdownNow);
    manager.close();
    var _ = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
