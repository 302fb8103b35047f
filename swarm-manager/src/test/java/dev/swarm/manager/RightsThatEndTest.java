package dev.swarm.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.protobuf.Message;
import dev.swarm.core.pki.IdentityHolder;
import dev.swarm.core.store.Change;
import dev.swarm.manager.RealSwarm.Machine;
import docker.swarmkit.v1.ListenSubscriptionsRequest;
import docker.swarmkit.v1.LogBrokerGrpc;
import docker.swarmkit.v1.LogSelector;
import docker.swarmkit.v1.LogSubscriptionOptions;
import docker.swarmkit.v1.LogsGrpc;
import docker.swarmkit.v1.NodeRole;
import docker.swarmkit.v1.SubscribeLogsRequest;
import docker.swarmkit.v1.WatchGrpc;
import docker.swarmkit.v1.WatchRequest;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Open streams last no longer than the right to them, on whichever manager they were opened. */
class RightsThatEndTest {
  @TempDir Path directory;

  /** A stream that is followed to its end. */
  private static final class Followed<M extends Message> implements StreamObserver<M> {
    final CompletableFuture<Boolean> begun = new CompletableFuture<>();
    final CompletableFuture<Status> ended = new CompletableFuture<>();

    @Override
    public void onNext(M message) {
      begun.complete(true);
    }

    @Override
    public void onError(Throwable failure) {
      ended.complete(Status.fromThrowable(failure));
      begun.complete(false);
    }

    @Override
    public void onCompleted() {
      ended.complete(Status.OK);
      begun.complete(false);
    }
  }

  private static Followed<?> watch(RealSwarm swarm, IdentityHolder identity, Machine at) {
    Followed<docker.swarmkit.v1.WatchMessage> followed = new Followed<>();
    WatchGrpc.newStub(swarm.channel(identity, at))
        .watch(
            WatchRequest.newBuilder()
                .addEntries(
                    WatchRequest.WatchEntry.newBuilder().setKind("cluster").setActionValue(7))
                .build(),
            followed);
    assertEquals(true, RealSwarm.done(followed.begun));
    return followed;
  }

  private static Followed<?> logs(
      RealSwarm swarm, IdentityHolder identity, Machine at, Machine of) {
    Followed<docker.swarmkit.v1.SubscribeLogsMessage> followed = new Followed<>();
    LogsGrpc.newStub(swarm.channel(identity, at))
        .subscribeLogs(
            SubscribeLogsRequest.newBuilder()
                .setSelector(LogSelector.newBuilder().addNodeIds(of.id().value()))
                .setOptions(LogSubscriptionOptions.newBuilder().setFollow(true))
                .build(),
            followed);
    return followed;
  }

  private static Followed<?> subscriptions(RealSwarm swarm, IdentityHolder identity, Machine at) {
    Followed<docker.swarmkit.v1.SubscriptionMessage> followed = new Followed<>();
    LogBrokerGrpc.newStub(swarm.channel(identity, at))
        .listenSubscriptions(ListenSubscriptionsRequest.getDefaultInstance(), followed);
    return followed;
  }

  private static void assertGoesOn(Followed<?> stream) {
    assertFalse(stream.ended.isDone(), () -> String.valueOf(stream.ended.getNow(Status.OK)));
  }

  private static void assertEnded(String sentence, Followed<?> stream) {
    Status end = RealSwarm.done(stream.ended);
    assertEquals(Status.Code.PERMISSION_DENIED, end.getCode(), String.valueOf(end));
    assertEquals(sentence, end.getDescription());
  }

  @Test
  void streamsEndWithADemotionAndWithARemoval() throws Exception {
    try (RealSwarm swarm = new RealSwarm(directory)) {
      List<Machine> managers = new ArrayList<>(List.of(swarm.found("m1")));
      managers.add(swarm.join("m2"));
      managers.add(swarm.join("m3"));
      Machine worker = swarm.join("w");
      Machine other = swarm.join("other");
      swarm.promote(managers.get(1));
      swarm.promote(managers.get(2));
      Machine leader = swarm.leading();
      managers.remove(leader);
      Machine manager = managers.getFirst();
      Machine relaying = managers.getLast();

      List<Followed<?>> ofTheManager =
          List.of(
              watch(swarm, manager.identity, leader),
              watch(swarm, manager.identity, relaying),
              logs(swarm, manager.identity, leader, other),
              logs(swarm, manager.identity, relaying, other));
      RealSwarm.until(
          () -> {
            ofTheManager.forEach(stream -> assertGoesOn(stream));
            return leader.running().streamsOf(manager.id()) == 4;
          });
      Followed<?> beside = watch(swarm, relaying.identity, leader);
      Followed<?> ofTheWorker = subscriptions(swarm, worker.identity, relaying);
      Followed<?> ofAnother = subscriptions(swarm, other.identity, relaying);
      RealSwarm.until(() -> leader.running().streamsOf(worker.id()) == 1);
      RealSwarm.until(() -> leader.running().streamsOf(other.id()) == 1);

      swarm.wish(manager, NodeRole.WORKER);
      for (Followed<?> stream : ofTheManager) {
        assertEnded("this call is for managers; node " + manager.id() + " is a worker", stream);
      }
      RealSwarm.until(() -> leader.running().streamsOf(manager.id()) == 0);
      // What a worker may have goes on for one that was a manager.
      Followed<?> still = subscriptions(swarm, manager.identity, leader);
      RealSwarm.until(() -> leader.running().streamsOf(manager.id()) == 1);

      swarm.commit(new Change.RemoveNode(worker.id()));
      assertEnded("node " + worker.id() + " is not, or no longer, part of this swarm", ofTheWorker);
      for (Followed<?> untouched : List.of(beside, ofAnother, still)) {
        assertGoesOn(untouched);
      }
    }
  }
}
