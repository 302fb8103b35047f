package dev.swarm.manager.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.allocator.BootstrapKeyController;
import dev.swarm.core.allocator.BootstrapKeyController.ClusterKey;
import dev.swarm.core.loop.Controllers;
import dev.swarm.core.model.Cause;
import dev.swarm.core.model.Config;
import dev.swarm.core.model.Meta;
import dev.swarm.core.plan.Command;
import dev.swarm.core.plan.Controller;
import dev.swarm.core.plan.Decision;
import dev.swarm.core.plan.Plan;
import dev.swarm.core.plan.Rejection;
import dev.swarm.core.plan.Verdict;
import dev.swarm.core.port.ReplicatedLog;
import dev.swarm.core.port.ReplicatedLog.Peer;
import dev.swarm.core.sim.VirtualTime;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.Delta;
import dev.swarm.core.store.Snapshot;
import dev.swarm.manager.raft.MemoryLog;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Planted faults stay with whoever ran into them. */
class FaultsTest {
  private static final Duration SOON = Duration.ofMillis(50);
  private static final int TWO_MIB = ReplicatedLog.ENTRY_BYTES_MAX;

  private final VirtualTime time = new VirtualTime();
  private final MemoryLog log = new MemoryLog(new Peer("m", "m:2377"), time::execute);
  private Reconciling reconciling = (snapshot, now) -> Plan.NOTHING;
  private final ControlLoop control = control(log);

  @FunctionalInterface
  private interface Reconciling {
    Plan reconcile(Snapshot snapshot, Instant now);
  }

  /** Looks at the cluster, as a test says. */
  private final class Told implements Controller<ClusterKey> {
    private final BootstrapKeyController keys = new BootstrapKeyController();

    @Override
    public Class<ClusterKey> keys() {
      return keys.keys();
    }

    @Override
    public Stream<ClusterKey> all(Snapshot snapshot) {
      return keys.all(snapshot);
    }

    @Override
    public void wake(Snapshot now, Delta delta, Consumer<? super ClusterKey> wake) {
      keys.wake(now, delta, wake);
    }

    @Override
    public Plan reconcile(Snapshot snapshot, ClusterKey key, Instant now) {
      return reconciling.reconcile(snapshot, now);
    }
  }

  private ControlLoop control(ReplicatedLog on) {
    return new ControlLoop(on, time, time, () -> "id", new Controllers(List.of(new Told())));
  }

  private void start() {
    log.start(control.stateMachine());
    time.pass(SOON);
  }

  private static Change config(String id, int bytes) {
    docker.swarmkit.v1.Config.Builder config = docker.swarmkit.v1.Config.newBuilder();
    config.getSpecBuilder().setData(com.google.protobuf.ByteString.copyFrom(new byte[bytes]));
    return new Change.PutConfig(new Config(id, Meta.NONE, config.build()));
  }

  private CompletionStage<Boolean> submit(Change... changes) {
    return control.submit((draft, context) -> Verdict.accept(List.of(changes), snapshot -> true));
  }

  private @Nullable Throwable failure(CompletionStage<?> stage) {
    time.pass(SOON);
    return assertThrows(CompletionException.class, () -> stage.toCompletableFuture().getNow(null))
        .getCause();
  }

  private void succeeds(CompletionStage<Boolean> stage) {
    time.pass(SOON);
    assertEquals(true, stage.toCompletableFuture().getNow(false));
  }

  private boolean exists(String config) {
    return control.snapshot().configs().contains(config);
  }

  @Test
  void aRequestThatFailsIsAnsweredAndNothingElseHappens() {
    start();
    CompletionStage<Boolean> before = submit(config("before", 1));
    CompletionStage<Boolean> broken =
        control.submit(
            (draft, context) -> {
              throw new IllegalStateException("planted");
            });
    CompletionStage<Boolean> deep = control.submit((draft, context) -> endless(1));
    CompletionStage<Boolean> after = submit(config("after", 1));
    succeeds(before);
    assertInstanceOf(Decision.FaultException.class, failure(broken));
    assertInstanceOf(Decision.FaultException.class, failure(deep));
    succeeds(after);
    assertTrue(exists("before") && exists("after"));
  }

  @SuppressWarnings("InfiniteRecursion")
  private static <R> Verdict<R> endless(int depth) {
    return endless(depth + 1);
  }

  @Test
  void aReplyThatFailsIsTheRequestsOwn() {
    start();
    CompletionStage<Boolean> broken =
        control.submit(
            (draft, context) ->
                Verdict.accept(
                    List.of(config("made", 1)),
                    snapshot -> {
                      throw new IllegalStateException("planted");
                    }));
    assertInstanceOf(IllegalStateException.class, failure(broken));
    assertTrue(exists("made"));
    succeeds(submit(config("after", 1)));
  }

  @Test
  void aLogThatThrowsHoldsUpNobodyAfterIt() {
    boolean[] broken = {false};
    ReplicatedLog throwing =
        (ReplicatedLog)
            Proxy.newProxyInstance(
                ReplicatedLog.class.getClassLoader(),
                new Class<?>[] {ReplicatedLog.class},
                (proxy, method, arguments) -> {
                  if (broken[0] && method.getName().equals("propose")) {
                    throw new IllegalStateException("planted");
                  }
                  return method.invoke(log, arguments);
                });
    ControlLoop loop = control(throwing);
    log.start(loop.stateMachine());
    time.pass(SOON);
    broken[0] = true;
    Decision<Boolean> first =
        (draft, context) -> Verdict.accept(List.of(config("first", 1)), same -> true);
    assertInstanceOf(Rejection.RejectedException.class, failure(loop.submit(first)));
    broken[0] = false;
    succeeds(
        loop.submit(
            (draft, context) -> Verdict.accept(List.of(config("second", 1)), same -> true)));
    assertFalse(loop.snapshot().configs().contains("first"));
    assertTrue(loop.snapshot().configs().contains("second"));
  }

  @Test
  void aRequestThatFitsNoEntryIsRefused() {
    start();
    CompletionStage<Boolean> huge = submit(config("huge", TWO_MIB));
    CompletionStage<Boolean> other = submit(config("other", 10));
    Rejection.RejectedException refused =
        assertInstanceOf(Rejection.RejectedException.class, failure(huge));
    assertEquals(Rejection.Kind.INVALID, refused.rejection().kind());
    succeeds(other);
    assertFalse(exists("huge"));
  }

  @Test
  void theLargestConfigFitsWithItsLabelsBehindOthers() {
    start();
    int largest = (1000 << 10) + (64 << 10);
    CompletionStage<Boolean> before = submit(config("before", 511 << 10));
    CompletionStage<Boolean> large = submit(config("large", largest));
    succeeds(before);
    succeeds(large);
  }

  @Test
  void requestsThatFitNoEntryTogetherTakeSeveral() {
    start();
    List<CompletionStage<Boolean>> all =
        IntStream.range(0, 20).mapToObj(i -> submit(config("c" + i, TWO_MIB / 2 - 1000))).toList();
    all.forEach(this::succeeds);
    assertEquals(20, control.snapshot().configs().size());
  }

  /**
   * Nested as no message of ours is: it parses as a request, and would not as a part of the log.
   */
  @Test
  void whatCannotBeReadBackIsNotProposed() {
    start();
    com.google.protobuf.UnknownFieldSet nested =
        com.google.protobuf.UnknownFieldSet.getDefaultInstance();
    for (int depth = 0; depth < 97; depth++) {
      nested =
          com.google.protobuf.UnknownFieldSet.newBuilder()
              .addField(
                  1000,
                  com.google.protobuf.UnknownFieldSet.Field.newBuilder().addGroup(nested).build())
              .build();
    }
    docker.swarmkit.v1.Config deep =
        docker.swarmkit.v1.Config.newBuilder().setUnknownFields(nested).build();
    assertInstanceOf(
        Decision.FaultException.class,
        failure(submit(new Change.PutConfig(new Config("deep", Meta.NONE, deep)))));
    assertFalse(exists("deep"));
    succeeds(submit(config("after", 1)));
  }

  @Test
  void aKeyWhoseControllerFailsIsSetAsideAndHealsByItself() {
    List<Instant> looks = new ArrayList<>();
    boolean[] broken = {true};
    reconciling =
        (snapshot, now) -> {
          looks.add(now);
          if (broken[0]) {
            throw new ArrayIndexOutOfBoundsException("planted");
          }
          return snapshot.configs().contains("by the controller")
              ? Plan.NOTHING
              : Plan.builder()
                  .add(new Command.Make(config("by the controller", 1), Cause.Plain.NONE))
                  .build();
        };
    start();
    succeeds(submit(cluster()));
    assertEquals(1, looks.size());
    assertEquals(List.of("keys of the networks' gossip"), control.setAside());
    succeeds(submit(config("meanwhile", 1)));
    time.pass(Duration.ofHours(1));
    assertTrue(looks.size() > 10 && looks.size() < 30, "again and again, more seldom: " + looks);
    int before = looks.size();
    succeeds(submit(cluster()));
    assertEquals(before + 1, looks.size(), "it changed, so it is looked at at once");
    broken[0] = false;
    time.pass(Duration.ofMinutes(6));
    assertTrue(exists("by the controller"));
    assertEquals(List.of(), control.setAside());
  }

  private static Change cluster() {
    return new Change.PutCluster(
        new dev.swarm.core.model.Cluster(
            "c", Meta.NONE, docker.swarmkit.v1.Cluster.getDefaultInstance()));
  }

  @Test
  void aPlanThatFitsNoEntryTakesSeveral() {
    reconciling =
        (snapshot, now) -> {
          Plan.Builder plan = Plan.builder();
          for (int i = 0; i < 10; i++) {
            if (!snapshot.configs().contains("c" + i)) {
              plan.add(new Command.Make(config("c" + i, TWO_MIB / 4), Cause.Plain.NONE));
            }
          }
          return plan.build();
        };
    start();
    succeeds(submit(cluster()));
    time.pass(SOON);
    assertEquals(10, control.snapshot().configs().size());
    assertEquals(List.of(), control.setAside());
  }

  @Test
  void aPlanWithAChangeThatFitsNoEntryIsItsKeysFault() {
    reconciling =
        (snapshot, now) ->
            Plan.builder()
                .add(new Command.Make(config("huge", 2 * TWO_MIB), Cause.Plain.NONE))
                .build();
    start();
    succeeds(submit(cluster()));
    assertEquals(List.of("keys of the networks' gossip"), control.setAside());
    succeeds(submit(config("after", 1)));
  }

  @Test
  void aListenerThatFailsHearsTheWholeStateAndTheOthersEverything() {
    List<String> heard = new ArrayList<>();
    control.listen(
        new CommitListener() {
          @Override
          public void committed(Snapshot snapshot, List<Delta> deltas) {
            throw new IllegalStateException("planted");
          }

          @Override
          public void restored(Snapshot snapshot) {
            heard.add("restored " + snapshot.index());
          }

          @Override
          public void leading(boolean leads) {
            throw new IllegalStateException("planted");
          }
        });
    control.listen((snapshot, deltas) -> heard.add("committed " + snapshot.index()));
    start();
    succeeds(submit(config("made", 1)));
    assertEquals(List.of("restored 1", "committed 1"), heard);
  }

  @Test
  void onlyAnErrorOfTheMachineEndsTheManager() {
    start();
    var _ =
        control.submit(
            (draft, context) -> {
              throw new OutOfMemoryError("planted");
            });
    assertThrows(OutOfMemoryError.class, () -> time.pass(SOON));
    assertFalse(Faults.endsTheManager(new AssertionError()));
    assertFalse(Faults.endsTheManager(new StackOverflowError()));
    assertTrue(Faults.endsTheManager(new InternalError()));
  }

  /** What is in the log is to be applied by everybody, or by nobody. */
  @Test
  void whatCannotBeAppliedStopsTheManager() {
    assertThrows(
        RuntimeException.class, () -> control.stateMachine().committed(new byte[] {1, 2, 3}));
  }
}
