package dev.swarm.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.port.AgentLink;
import dev.swarm.core.port.Cancellable;
import dev.swarm.core.port.Disk;
import dev.swarm.core.port.StreamReceiver;
import dev.swarm.core.sim.VirtualTime;
import dev.swarm.worker.engine.Engine;
import dev.swarm.worker.engine.EngineException;
import dev.swarm.worker.scripted.FaultyDisk;
import dev.swarm.worker.scripted.ScriptedEngine;
import dev.swarm.worker.scripted.ScriptedManager;
import dev.swarm.worker.session.AgentListener;
import docker.swarmkit.v1.SessionMessage;
import docker.swarmkit.v1.SessionRequest;
import docker.swarmkit.v1.Task;
import docker.swarmkit.v1.TaskState;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every stage that a worker hands out completes or fails, whatever is behind it. */
final class WorkerPromisesTest {
  private static final Duration LONG = Duration.ofMinutes(10);

  private final VirtualTime loop = new VirtualTime();
  private final ScriptedEngine engine = new ScriptedEngine(loop);
  private final ScriptedManager manager = new ScriptedManager(loop);

  /** What one operation of a caller's engine does instead of its work. */
  private enum Fault {
    THROWS,
    THROWS_AN_ERROR,
    GIVES_NO_STAGE,
    GIVES_NULL,
    FAILS,
    NEVER_ANSWERS
  }

  private static @Nullable Object misbehave(Fault fault) {
    return switch (fault) {
      case THROWS -> throw new IllegalStateException("broken");
      case THROWS_AN_ERROR -> throw new AssertionError("broken");
      case GIVES_NO_STAGE -> null;
      case GIVES_NULL -> CompletableFuture.completedFuture(null);
      case FAILS -> CompletableFuture.failedFuture(new EngineException("broken"));
      case NEVER_ANSWERS -> new CompletableFuture<>();
    };
  }

  private Engine faulty(String operation, Fault fault) {
    return (Engine)
        Proxy.newProxyInstance(
            Engine.class.getClassLoader(),
            new Class<?>[] {Engine.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals(operation)) {
                return misbehave(fault);
              }
              try {
                return method.invoke(engine, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private Worker.Builder builder() {
    return Worker.builder()
        .nodeId(() -> "n1")
        .hostname("host-1")
        .engine(engine)
        .disk(new FaultyDisk())
        .eventLoop(loop)
        .clock(loop)
        .random(new SplittableRandom(1))
        .links(manager::connect)
        .managers(List.of("m1:2377"));
  }

  private static Set<String> operations() {
    return Arrays.stream(Engine.class.getMethods())
        .filter(method -> method.getReturnType() == CompletionStage.class)
        .map(Method::getName)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void whatHandsOutStagesIsAllHere() {
    Set<String> stages =
        Arrays.stream(Worker.class.getMethods())
            .filter(method -> !Modifier.isStatic(method.getModifiers()))
            .filter(method -> CompletionStage.class.isAssignableFrom(method.getReturnType()))
            .map(Method::getName)
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(Set.of("start", "registered", "leave", "managers"), stages);
    assertEquals(
        Set.of("describe", "prepare", "start", "await", "stop", "remove", "list"), operations());
  }

  @Test
  void anEngineAtFaultKeepsNobodyWaiting() {
    for (String operation : operations()) {
      for (Fault fault : Fault.values()) {
        String what = operation + " " + fault;
        Worker worker = builder().engine(faulty(operation, fault)).build();
        CompletionStage<Void> started = worker.start();
        loop.passMillis(200);
        assertDone(started, what);
        assertDone(worker.managers(), what);
        manager.assign(task("t1"));
        loop.passMillis(2000);
        CompletionStage<Void> left = worker.leave();
        loop.pass(LONG);
        assertOver(left, what);
        assertOver(worker.registered(), what);
        assertEquals(
            !(operation.equals("remove") && fault != Fault.GIVES_NULL),
            succeeded(left),
            what + ": only what cannot be removed keeps a node from leaving");
        assertClosed(worker, what);
        engine.boxes.clear();
        manager.assigned.clear();
      }
    }
  }

  @Test
  void aTaskThatCannotBeRemovedIsNamedByTheNodeThatWantedToLeave() {
    Worker worker = builder().engine(faulty("remove", Fault.NEVER_ANSWERS)).build();
    assertDone(worker.start(), "start");
    loop.passMillis(100);
    manager.assign(task("t1"));
    loop.passMillis(1000);
    CompletionStage<Void> left = worker.leave();
    loop.pass(LONG);
    assertEquals(
        "the engine did not remove a task in time; still there: t1", failure(left).getMessage());
  }

  @Test
  void leavingTwiceIsLeavingOnce() {
    Worker worker = builder().build();
    assertDone(worker.start(), "start");
    CompletionStage<Void> left = worker.leave();
    CompletionStage<Void> again = worker.leave();
    assertDone(left, "leave");
    assertDone(again, "leave");
    assertEquals("the worker has left its cluster", failure(worker.managers()).getMessage());
  }

  @Test
  void afterCloseEveryStageFailsAtOnce() {
    Worker worker = builder().build();
    CompletionStage<Void> started = worker.start();
    CompletionStage<List<String>> managers = worker.managers();
    CompletionStage<Void> left = worker.leave();
    worker.close();
    for (CompletionStage<?> stage : List.of(started, managers, left)) {
      assertEquals("the worker was closed", failure(stage).getMessage());
    }
    assertClosed(worker, "closed");
  }

  @Test
  void aLoopThatRunsNothingKeepsNobodyWaitingAfterClose() {
    Worker worker = builder().build();
    List<CompletionStage<?>> stages = List.of(worker.start(), worker.managers(), worker.leave());
    worker.close();
    stages.forEach(stage -> assertOver(stage, "never ran"));
  }

  @Test
  void aWorkerStartsOnce() {
    Worker worker = builder().build();
    assertDone(worker.start(), "start");
    loop.passMillis(1000);
    assertEquals("the worker was started before", failure(worker.start()).getMessage());
    assertEquals(1, manager.registrations.size());
  }

  @Test
  void aDiskThatThrowsFailsTheStart() {
    Disk broken =
        new Disk() {
          @Override
          public void put(String name, byte[] value) throws IOException {
            throw new IllegalStateException("broken");
          }

          @Override
          public void remove(String name) {}

          @Override
          public Map<String, byte[]> readAll() {
            throw new IllegalStateException("broken");
          }
        };
    CompletionStage<Void> started = builder().disk(broken).build().start();
    loop.passMillis(100);
    assertEquals("broken", failure(started).getMessage());
  }

  @Test
  void aNodeThatTheManagerDoesNotKnowIsToldSo() {
    Worker worker = builder().links(address -> new Stranger(manager.connect(address))).build();
    assertDone(worker.start(), "start");
    loop.passMillis(5000);
    assertEquals(
        "the manager does not know the node n1: admit it there first, or give the worker the"
            + " manager that did",
        failure(worker.registered()).getMessage());
  }

  @Test
  void aLinkThatCannotBeMadeIsTriedAgain() {
    int[] tries = {0};
    Worker worker =
        builder()
            .links(
                address -> {
                  if (tries[0]++ < 3) {
                    throw new IllegalStateException("broken");
                  }
                  return manager.connect(address);
                })
            .listener(
                new AgentListener() {
                  @Override
                  public void sessionLost(String cause, Duration retryIn) {
                    throw new IllegalStateException("a listener at fault");
                  }
                })
            .build();
    assertDone(worker.start(), "start");
    loop.pass(LONG);
    assertDone(worker.registered(), "registered");
  }

  /** A link whose manager knows nobody. */
  private static final class Stranger implements AgentLink {
    private final AgentLink behind;

    private Stranger(AgentLink behind) {
      this.behind = behind;
    }

    @Override
    public Cancellable session(SessionRequest request, StreamReceiver<SessionMessage> receiver) {
      receiver.closed("NOT_FOUND: " + AgentLink.UNKNOWN_NODE);
      return () -> {};
    }

    @Override
    public CompletionStage<docker.swarmkit.v1.HeartbeatResponse> heartbeat(
        docker.swarmkit.v1.HeartbeatRequest request) {
      return behind.heartbeat(request);
    }

    @Override
    public CompletionStage<docker.swarmkit.v1.HeartbeatResponse> heartbeatOnFreshConnection(
        docker.swarmkit.v1.HeartbeatRequest request) {
      return behind.heartbeatOnFreshConnection(request);
    }

    @Override
    public Cancellable assignments(
        docker.swarmkit.v1.AssignmentsRequest request,
        StreamReceiver<docker.swarmkit.v1.AssignmentsMessage> receiver) {
      return behind.assignments(request, receiver);
    }

    @Override
    public CompletionStage<docker.swarmkit.v1.UpdateTaskStatusResponse> updateTaskStatus(
        docker.swarmkit.v1.UpdateTaskStatusRequest request) {
      return behind.updateTaskStatus(request);
    }

    @Override
    public Cancellable listenSubscriptions(
        docker.swarmkit.v1.ListenSubscriptionsRequest request,
        StreamReceiver<docker.swarmkit.v1.SubscriptionMessage> receiver) {
      return behind.listenSubscriptions(request, receiver);
    }

    @Override
    public LogPublication publishLogs() {
      return behind.publishLogs();
    }

    @Override
    public void close() {
      behind.close();
    }
  }

  private static Task task(String id) {
    return Task.newBuilder().setId(id).setDesiredState(TaskState.RUNNING).build();
  }

  private void assertDone(CompletionStage<?> stage, String what) {
    loop.passMillis(200);
    assertTrue(succeeded(stage), what);
  }

  private static boolean succeeded(CompletionStage<?> stage) {
    CompletableFuture<?> future = stage.toCompletableFuture();
    return future.isDone() && !future.isCompletedExceptionally();
  }

  private static void assertOver(CompletionStage<?> stage, String what) {
    assertTrue(stage.toCompletableFuture().isDone(), what + ": nobody will ever hear of it");
  }

  private static void assertClosed(Worker worker, String what) {
    for (CompletionStage<?> stage : List.of(worker.start(), worker.managers())) {
      assertInstanceOf(IllegalStateException.class, failure(stage), what);
    }
    assertOver(worker.leave(), what);
  }

  private static Throwable failure(CompletionStage<?> stage) {
    assertTrue(stage.toCompletableFuture().isDone(), "it has not ended");
    assertFalse(succeeded(stage), "it has not failed");
    CompletionException thrown =
        assertThrows(CompletionException.class, () -> stage.toCompletableFuture().join());
    return thrown.getCause() == null ? thrown : thrown.getCause();
  }
}
