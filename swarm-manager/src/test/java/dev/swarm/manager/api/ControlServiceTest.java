package dev.swarm.manager.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.control.node.Voters;
import dev.swarm.core.plan.Decision;
import dev.swarm.core.plan.Rejection;
import dev.swarm.core.plan.Requests;
import dev.swarm.core.plan.Verdict;
import dev.swarm.core.store.Snapshot;
import dev.swarm.host.SystemClock;
import dev.swarm.manager.ca.ClusterKeys;
import docker.swarmkit.v1.ControlGrpc;
import docker.swarmkit.v1.CreateServiceRequest;
import docker.swarmkit.v1.GetServiceRequest;
import docker.swarmkit.v1.HealthCheckRequest;
import docker.swarmkit.v1.HealthCheckResponse.ServingStatus;
import docker.swarmkit.v1.HealthGrpc;
import docker.swarmkit.v1.ListClustersRequest;
import docker.swarmkit.v1.ListServicesRequest;
import docker.swarmkit.v1.ListVolumesRequest;
import docker.swarmkit.v1.RemoveServiceRequest;
import docker.swarmkit.v1.Service;
import docker.swarmkit.v1.UpdateServiceRequest;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ControlServiceTest {
  private final OneThread requests = new OneThread();
  private final HealthService health = new HealthService();
  private volatile List<String> setAside = List.of();
  private final Server server = start();
  private final ManagedChannel channel =
      InProcessChannelBuilder.forName("control-" + hashCode()).directExecutor().build();
  private final ControlGrpc.ControlBlockingStub control = ControlGrpc.newBlockingStub(channel);

  /** Commits at once, as a log would that has only one member. */
  private static final class OneThread implements Requests {
    private Snapshot snapshot = Snapshot.EMPTY;
    private final AtomicInteger drawn = new AtomicInteger();
    private Optional<Throwable> failure = Optional.empty();

    @Override
    public Snapshot snapshot() {
      return snapshot;
    }

    @Override
    public <R> CompletionStage<R> submit(Decision<R> decision) {
      if (failure.isPresent()) {
        return CompletableFuture.failedStage(failure.get());
      }
      Verdict<R> verdict =
          decision.decide(
              snapshot,
              new Decision.Context(
                  Instant.EPOCH, snapshot.index() + 1, () -> "id" + drawn.incrementAndGet()));
      return switch (verdict) {
        case Verdict.Rejected<R> rejected ->
            CompletableFuture.failedStage(new Rejection.RejectedException(rejected.rejection()));
        case Verdict.Accepted<R> accepted -> {
          snapshot =
              snapshot.apply(snapshot.index() + 1, Instant.EPOCH, accepted.changes()).snapshot();
          yield CompletableFuture.completedStage(accepted.reply().apply(snapshot));
        }
      };
    }
  }

  private Server start() {
    try {
      return InProcessServerBuilder.forName("control-" + hashCode())
          .directExecutor()
          .addService(
              new ControlService(
                  requests,
                  new ControlSettings(
                      node -> Optional.empty(),
                      new ClusterKeys(new SystemClock(), new SecureRandom()),
                      Voters.ALONE,
                      () -> setAside)))
          .addService(health)
          .build()
          .start();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.shutdownNow();
  }

  @Test
  void createsReadsUpdatesAndRemoves() {
    Service made = control.createService(create("web")).getService();
    assertEquals(
        made,
        control
            .getService(GetServiceRequest.newBuilder().setServiceId(made.getId()).build())
            .getService());
    UpdateServiceRequest update =
        UpdateServiceRequest.newBuilder()
            .setServiceId(made.getId())
            .setServiceVersion(made.getMeta().getVersion())
            .setSpec(made.getSpec().toBuilder().clearReplicated())
            .build();
    assertEquals(made.getSpec(), control.updateService(update).getService().getPreviousSpec());
    control.removeService(RemoveServiceRequest.newBuilder().setServiceId(made.getId()).build());
    assertEquals(
        0, control.listServices(ListServicesRequest.getDefaultInstance()).getServicesCount());
  }

  @Test
  void refusalsHaveTheirStatus() {
    Service made = control.createService(create("web")).getService();
    assertStatus(Status.Code.ALREADY_EXISTS, () -> control.createService(create("web")));
    assertStatus(Status.Code.INVALID_ARGUMENT, () -> control.createService(create("a b")));
    assertStatus(
        Status.Code.NOT_FOUND,
        () -> control.getService(GetServiceRequest.newBuilder().setServiceId("x").build()));
    UpdateServiceRequest.Builder stale =
        UpdateServiceRequest.newBuilder().setServiceId(made.getId()).setSpec(made.getSpec());
    stale.getServiceVersionBuilder().setIndex(77);
    assertStatus(Status.Code.ABORTED, () -> control.updateService(stale.build()));
  }

  @Test
  void whatIsSetAsideIsToldWithTheCluster() {
    setAside = List.of("slot 3 of service web");
    assertEquals(
        setAside, control.listClusters(ListClustersRequest.getDefaultInstance()).getSetAsideList());
  }

  @ParameterizedTest
  @EnumSource
  void everyKindOfRefusalHasAStatusAndItsSentence(Rejection.Kind kind) {
    Status status = Replies.status(new Rejection(kind, "because"));
    assertFalse(status.isOk());
    assertEquals("because", status.getDescription());
  }

  @Test
  void anUnknownOutcomeIsSaidToBeUnknown() {
    requests.failure = Optional.of(new IOException("disk gone, secret path"));
    StatusRuntimeException e =
        assertStatus(Status.Code.UNKNOWN, () -> control.createService(create("web")));
    assertFalse(String.valueOf(e.getStatus().getDescription()).contains("secret"));
  }

  /** No method may fall through to the stub's own answer, which says nothing. */
  @Test
  void everyMethodAnswersWithASentence() {
    for (MethodDescriptor<?, ?> method : ControlGrpc.getServiceDescriptor().getMethods()) {
      StatusRuntimeException e = callEmpty(method);
      if (e != null) {
        assertFalse(
            String.valueOf(e.getStatus().getDescription()).contains("is unimplemented"),
            method.getFullMethodName());
        assertFalse(String.valueOf(e.getStatus().getDescription()).isEmpty());
        assertFalse(e.getStatus().getCode() == Status.Code.UNKNOWN, method.getFullMethodName());
      }
    }
    assertStatus(
        Status.Code.UNIMPLEMENTED,
        () -> control.listVolumes(ListVolumesRequest.getDefaultInstance()));
  }

  private <A, B> @Nullable StatusRuntimeException callEmpty(MethodDescriptor<A, B> method) {
    A empty = method.parseRequest(new java.io.ByteArrayInputStream(new byte[0]));
    try {
      ClientCalls.blockingUnaryCall(channel, method, io.grpc.CallOptions.DEFAULT, empty);
      return null;
    } catch (StatusRuntimeException e) {
      return e;
    }
  }

  @Test
  void healthIsKnownOfWhatWasSet() {
    health.setServing("Raft", true);
    health.setServing("Other", false);
    HealthGrpc.HealthBlockingStub stub = HealthGrpc.newBlockingStub(channel);
    assertEquals(ServingStatus.SERVING, check(stub, ""));
    assertEquals(ServingStatus.SERVING, check(stub, "Raft"));
    assertEquals(ServingStatus.NOT_SERVING, check(stub, "Other"));
    assertStatus(Status.Code.NOT_FOUND, () -> check(stub, "Nothing"));
  }

  private static ServingStatus check(HealthGrpc.HealthBlockingStub stub, String service) {
    return stub.check(HealthCheckRequest.newBuilder().setService(service).build()).getStatus();
  }

  private static StatusRuntimeException assertStatus(Status.Code code, Executable call) {
    StatusRuntimeException e = assertThrows(StatusRuntimeException.class, call);
    assertEquals(code, e.getStatus().getCode());
    assertTrue(
        Arrays.stream(String.valueOf(e.getStatus().getDescription()).split("\n", -1)).count() == 1);
    return e;
  }

  private static CreateServiceRequest create(String name) {
    CreateServiceRequest.Builder request = CreateServiceRequest.newBuilder();
    request.getSpecBuilder().getAnnotationsBuilder().setName(name);
    request.getSpecBuilder().getReplicatedBuilder().setReplicas(1);
    request.getSpecBuilder().getTaskBuilder().getContainerBuilder().setImage("nginx");
    return request.build();
  }
}
