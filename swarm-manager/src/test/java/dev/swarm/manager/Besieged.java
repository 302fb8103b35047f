package dev.swarm.manager;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.swarm.core.model.Cluster;
import dev.swarm.core.model.Config;
import dev.swarm.core.model.Meta;
import dev.swarm.core.model.Node;
import dev.swarm.core.pki.CertificateRequest;
import dev.swarm.core.pki.PrivateKeys;
import dev.swarm.core.plan.Verdict;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.Snapshot;
import dev.swarm.core.wire.ToWire;
import docker.swarmkit.v1.AssignmentsRequest;
import docker.swarmkit.v1.AttachNetworkRequest;
import docker.swarmkit.v1.ControlGrpc;
import docker.swarmkit.v1.CreateConfigRequest;
import docker.swarmkit.v1.CreateNetworkRequest;
import docker.swarmkit.v1.CreateSecretRequest;
import docker.swarmkit.v1.CreateServiceRequest;
import docker.swarmkit.v1.CreateServiceResponse;
import docker.swarmkit.v1.DispatcherGrpc;
import docker.swarmkit.v1.HeartbeatRequest;
import docker.swarmkit.v1.IssueNodeCertificateRequest;
import docker.swarmkit.v1.ListTasksRequest;
import docker.swarmkit.v1.PublishLogsMessage;
import docker.swarmkit.v1.RemoveServiceRequest;
import docker.swarmkit.v1.ServiceSpec;
import docker.swarmkit.v1.SessionMessage;
import docker.swarmkit.v1.SessionRequest;
import docker.swarmkit.v1.SubscribeLogsRequest;
import docker.swarmkit.v1.UpdateClusterRequest;
import docker.swarmkit.v1.UpdateNodeRequest;
import docker.swarmkit.v1.UpdateServiceRequest;
import docker.swarmkit.v1.UpdateTaskStatusRequest;
import io.grpc.Context;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import java.security.SecureRandom;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A manager with a little of everything in its cluster, and the calls that are made to it. */
final class Besieged implements AutoCloseable {
  private static final int WRITE_SECONDS_MAX = 60;

  private final Manager manager = Manager.inMemory();
  private final ControlGrpc.ControlBlockingStub control;
  private final DispatcherGrpc.DispatcherBlockingStub dispatcher;
  private final Context.CancellableContext streams = Context.current().withCancellation();
  private String session = "";
  private int attacks;
  private int names;

  Besieged() {
    manager.ready().toCompletableFuture().join();
    control = ControlGrpc.newBlockingStub(manager.localChannel());
    dispatcher = DispatcherGrpc.newBlockingStub(manager.localChannel());
    register();
    CreateNetworkRequest.Builder network = CreateNetworkRequest.newBuilder();
    network.getSpecBuilder().setAttachable(true).getAnnotationsBuilder().setName("net");
    network.getSpecBuilder().getDriverConfigBuilder().setName("overlay");
    var _ = control.createNetwork(network.build());
    var _ = control.createService(CreateServiceRequest.newBuilder().setSpec(spec("web")).build());
    manager
        .when(state -> state.tasks().stream().anyMatch(task -> !task.node().isNone()))
        .toCompletableFuture()
        .orTimeout(WRITE_SECONDS_MAX, TimeUnit.SECONDS)
        .join();
  }

  private static SessionRequest description() {
    SessionRequest.Builder request = SessionRequest.newBuilder();
    var description = request.getDescriptionBuilder().setHostname("host");
    description.getPlatformBuilder().setOs("linux").setArchitecture("x86_64");
    description.getResourcesBuilder().setNanoCpus(4_000_000_000L).setMemoryBytes(8L << 30);
    description
        .getEngineBuilder()
        .setEngineVersion("28.5.1")
        .putLabels("a", "b")
        .addPluginsBuilder()
        .setType("Network")
        .setName("overlay");
    return request.build();
  }

  private void register() {
    streams.run(
        () -> {
          Iterator<SessionMessage> messages = dispatcher.session(description());
          session = messages.next().getSessionId();
        });
  }

  /** So that the node stays up, if it still may. */
  private void beat() {
    try {
      var _ = dispatcher.heartbeat(HeartbeatRequest.newBuilder().setSessionId(session).build());
    } catch (StatusRuntimeException e) {
      session = "";
    }
  }

  private Snapshot state() {
    return manager.requests().snapshot();
  }

  private Node node() {
    return state().nodes().stream().findFirst().orElseThrow();
  }

  private Cluster cluster() {
    return state().cluster().orElseThrow();
  }

  private static ServiceSpec spec(String name) {
    ServiceSpec.Builder spec = ServiceSpec.newBuilder();
    spec.getAnnotationsBuilder().setName(name);
    spec.getTaskBuilder().getContainerBuilder().setImage("nginx");
    spec.getTaskBuilder().addNetworksBuilder().setTarget("net");
    spec.getReplicatedBuilder().setReplicas(2);
    return spec.build();
  }

  /** A request that is in order, where that takes more than an empty one. */
  Message base(MethodDescriptor<?, ?> method) {
    String first =
        state().tasks().stream().map(task -> task.id().value()).sorted().findFirst().orElse("none");
    return switch (Calls.prototype(method)) {
      case CreateServiceRequest ignored ->
          CreateServiceRequest.newBuilder().setSpec(spec("made")).build();
      case UpdateServiceRequest ignored -> {
        var service = state().services().stream().findFirst().orElseThrow();
        yield UpdateServiceRequest.newBuilder()
            .setServiceId(service.id().value())
            .setServiceVersion(ToWire.version(service.meta().version()))
            .setSpec(service.spec())
            .build();
      }
      case UpdateNodeRequest ignored ->
          UpdateNodeRequest.newBuilder()
              .setNodeId(node().id().value())
              .setNodeVersion(ToWire.version(node().meta().version()))
              .setSpec(node().spec())
              .build();
      case UpdateClusterRequest ignored ->
          UpdateClusterRequest.newBuilder()
              .setClusterId(cluster().id())
              .setClusterVersion(ToWire.version(cluster().meta().version()))
              .setSpec(cluster().object().getSpec())
              .build();
      case CreateNetworkRequest ignored -> {
        CreateNetworkRequest.Builder made = CreateNetworkRequest.newBuilder();
        made.getSpecBuilder().getAnnotationsBuilder().setName("made");
        made.getSpecBuilder().getIpamBuilder().addConfigsBuilder().setSubnet("10.99.0.0/24");
        yield made.build();
      }
      case CreateSecretRequest ignored -> {
        CreateSecretRequest.Builder made = CreateSecretRequest.newBuilder();
        made.getSpecBuilder().setData(ByteString.copyFromUtf8("s")).getAnnotationsBuilder();
        made.getSpecBuilder().getAnnotationsBuilder().setName("made");
        yield made.build();
      }
      case CreateConfigRequest ignored -> {
        CreateConfigRequest.Builder made = CreateConfigRequest.newBuilder();
        made.getSpecBuilder().setData(ByteString.copyFromUtf8("c"));
        made.getSpecBuilder().getAnnotationsBuilder().setName("made");
        yield made.build();
      }
      case SessionRequest ignored -> description();
      case HeartbeatRequest ignored -> HeartbeatRequest.newBuilder().setSessionId(session).build();
      case AssignmentsRequest ignored ->
          AssignmentsRequest.newBuilder().setSessionId(session).build();
      case UpdateTaskStatusRequest ignored -> {
        UpdateTaskStatusRequest.Builder made =
            UpdateTaskStatusRequest.newBuilder().setSessionId(session);
        made.addUpdatesBuilder()
            .setTaskId(first)
            .getStatusBuilder()
            .setState(docker.swarmkit.v1.TaskState.PREPARING);
        yield made.build();
      }
      case IssueNodeCertificateRequest ignored -> {
        SecureRandom random = new SecureRandom();
        yield IssueNodeCertificateRequest.newBuilder()
            .setToken(cluster().object().getRootCa().getJoinTokens().getWorker())
            .setCsr(
                ByteString.copyFrom(
                    CertificateRequest.create(PrivateKeys.generate(random), random).pem()))
            .build();
      }
      case AttachNetworkRequest ignored -> {
        AttachNetworkRequest.Builder made = AttachNetworkRequest.newBuilder().setContainerId("c");
        made.getConfigBuilder().setTarget("net");
        yield made.build();
      }
      case SubscribeLogsRequest ignored -> {
        SubscribeLogsRequest.Builder made = SubscribeLogsRequest.newBuilder();
        made.getSelectorBuilder().addTaskIds(first);
        yield made.build();
      }
      case PublishLogsMessage ignored -> {
        PublishLogsMessage.Builder made = PublishLogsMessage.newBuilder().setSubscriptionId("s");
        made.addMessagesBuilder().getContextBuilder().setNodeId(node().id().value());
        yield made.build();
      }
      case ListTasksRequest ignored -> ListTasksRequest.getDefaultInstance();
      case Message other -> other;
    };
  }

  /** Makes the call, then a write; what was created is removed again. */
  Calls.Answer attack(MethodDescriptor<?, ?> method, Message message) {
    return attack(method, List.of(named(message).toByteArray()));
  }

  Calls.Answer attack(MethodDescriptor<?, ?> method, List<byte[]> messages) {
    attacks++;
    beat();
    Calls.Answer answer =
        Calls.call(manager.localChannel(), method, messages, this::aWriteSucceeds);
    aWriteSucceeds();
    if (answer.status().isOk() && method == ControlGrpc.getCreateServiceMethod()) {
      remove(answer.message().orElseThrow());
    }
    return answer;
  }

  /** Names are taken once: another one each time, where the name is not the attack. */
  private Message named(Message message) {
    if (message instanceof CreateServiceRequest create
        && create.getSpec().getAnnotations().getName().equals("made")) {
      CreateServiceRequest.Builder renamed = create.toBuilder();
      renamed.getSpecBuilder().getAnnotationsBuilder().setName("made" + names++);
      return renamed.build();
    }
    return message;
  }

  private void remove(byte[] created) {
    try {
      String id = CreateServiceResponse.parseFrom(created).getService().getId();
      var _ = control.removeService(RemoveServiceRequest.newBuilder().setServiceId(id).build());
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  void aWriteSucceeds() {
    Change change =
        new Change.PutConfig(
            new Config("written", Meta.NONE, docker.swarmkit.v1.Config.getDefaultInstance()));
    Long index =
        manager
            .requests()
            .submit((draft, context) -> Verdict.accept(List.of(change), Snapshot::index))
            .toCompletableFuture()
            .orTimeout(WRITE_SECONDS_MAX, TimeUnit.SECONDS)
            .join();
    if (index > state().index()) {
      throw new AssertionError("not written");
    }
  }

  boolean leads() {
    return manager.leads() && !manager.ended().toCompletableFuture().isDone();
  }

  long faults() {
    return manager.faults();
  }

  int tasks() {
    return state().tasks().size();
  }

  int attacks() {
    return attacks;
  }

  @Override
  public void close() {
    streams.cancel(null);
    manager.close();
  }
}
