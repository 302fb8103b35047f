package dev.swarm.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.pki.IdentityHolder;
import dev.swarm.core.plan.Decision;
import dev.swarm.core.plan.Requests;
import dev.swarm.core.port.Cancellable;
import dev.swarm.core.port.EventLoop;
import dev.swarm.core.port.ReplicatedLog;
import dev.swarm.core.port.ReplicatedLog.Peer;
import dev.swarm.core.store.Snapshot;
import dev.swarm.host.SystemClock;
import dev.swarm.manager.api.HealthService;
import dev.swarm.manager.ca.ClusterBootstrap;
import dev.swarm.manager.members.LeaderChannel;
import dev.swarm.manager.members.LeaderGate;
import dev.swarm.manager.members.LogVoters;
import dev.swarm.manager.raft.MemoryLog;
import docker.swarmkit.v1.HealthCheckRequest;
import docker.swarmkit.v1.HealthCheckResponse;
import docker.swarmkit.v1.HealthCheckResponse.ServingStatus;
import docker.swarmkit.v1.NodeSpec;
import io.grpc.stub.StreamObserver;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** A manager serves from its first decision on, for as long as it leads. */
class LeadingTest {
  private final CompletableFuture<Snapshot> founded = new CompletableFuture<>();
  private final List<Throwable> faults = new ArrayList<>();
  private final HealthService health = new HealthService();
  private final Leading leading = leading();

  private final class FirstDecision implements Requests {
    @Override
    public Snapshot snapshot() {
      return Snapshot.EMPTY;
    }

    @Override
    @SuppressWarnings("unchecked") // the only decision here is the one that founds the cluster
    public <R> CompletionStage<R> submit(Decision<R> decision) {
      return (CompletionStage<R>) founded;
    }
  }

  private static final class AtOnce implements EventLoop {
    @Override
    public void execute(Runnable task) {
      task.run();
    }

    @Override
    public Cancellable schedule(Duration delay, Runnable task) {
      return () -> {};
    }
  }

  private Leading leading() {
    SecureRandom random = new SecureRandom();
    SystemClock clock = new SystemClock();
    ClusterBootstrap founding =
        ClusterBootstrap.create(
            ClusterBootstrap.defaultSpec(),
            NodeSpec.Availability.ACTIVE,
            new RandomIds(random),
            random,
            clock.now());
    ManagerOptions options =
        ManagerOptions.inMemory(new IdentityHolder(founding.identity(), clock), founding);
    String self = options.identity().current().nodeId();
    ReplicatedLog log = new MemoryLog(new Peer(self, "localhost:2377"), Runnable::run);
    LeaderChannel leader =
        new LeaderChannel(
            log,
            self,
            to -> {
              throw new AssertionError("nobody else is there: " + to);
            });
    EventLoop events = new AtOnce();
    return new Leading(
        new FirstDecision(),
        options,
        new LogVoters(log, false),
        health,
        leader,
        new LeaderGate(() -> false, Optional::empty, events),
        events,
        faults::add);
  }

  private ServingStatus control() {
    List<ServingStatus> told = new ArrayList<>();
    health.check(
        HealthCheckRequest.newBuilder().setService("Control").build(),
        new StreamObserver<>() {
          @Override
          public void onNext(HealthCheckResponse response) {
            told.add(response.getStatus());
          }

          @Override
          public void onError(Throwable failure) {
            throw new AssertionError(failure);
          }

          @Override
          public void onCompleted() {}
        });
    return told.getFirst();
  }

  @Test
  void oneThatNeverLedSaysThatItDoesNotServe() {
    assertEquals(ServingStatus.NOT_SERVING, control());
  }

  @Test
  void itServesOnceTheClusterIsFounded() {
    leading.leading(true);
    assertFalse(leading.serves());
    founded.complete(Snapshot.EMPTY);
    assertTrue(leading.serves());
    assertTrue(leading.ready().isDone());
    assertEquals(ServingStatus.SERVING, control());
    leading.leading(false);
    assertFalse(leading.serves());
    assertEquals(ServingStatus.NOT_SERVING, control());
  }

  @Test
  void oneThatCeasedToLeadMeanwhileDoesNotServe() {
    leading.leading(true);
    leading.leading(false);
    founded.complete(Snapshot.EMPTY);
    assertFalse(leading.serves());
    assertFalse(leading.ready().isDone());
    assertEquals(ServingStatus.NOT_SERVING, control());
    assertEquals(List.of(), faults);
  }
}
