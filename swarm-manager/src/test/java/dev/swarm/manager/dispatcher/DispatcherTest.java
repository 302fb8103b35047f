package dev.swarm.manager.dispatcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.loop.Controllers;
import dev.swarm.core.model.Meta;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.Service;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Slot;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.model.TaskStatus;
import dev.swarm.core.plan.Rejection;
import dev.swarm.core.plan.Rejection.RejectedException;
import dev.swarm.core.plan.Verdict;
import dev.swarm.core.port.Cancellable;
import dev.swarm.core.port.ReplicatedLog.Peer;
import dev.swarm.core.port.StreamReceiver;
import dev.swarm.core.sim.VirtualTime;
import dev.swarm.core.spec.Durations;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.Delta;
import dev.swarm.core.store.Snapshot;
import dev.swarm.core.wire.ToWire;
import dev.swarm.manager.loop.CommitListener;
import dev.swarm.manager.loop.ControlLoop;
import dev.swarm.manager.raft.MemoryLog;
import docker.swarmkit.v1.AssignmentsMessage;
import docker.swarmkit.v1.AssignmentsRequest;
import docker.swarmkit.v1.Certificate;
import docker.swarmkit.v1.Endpoint;
import docker.swarmkit.v1.HeartbeatRequest;
import docker.swarmkit.v1.HeartbeatResponse;
import docker.swarmkit.v1.NodeDescription;
import docker.swarmkit.v1.NodeRole;
import docker.swarmkit.v1.NodeSpec;
import docker.swarmkit.v1.ServiceSpec;
import docker.swarmkit.v1.SessionMessage;
import docker.swarmkit.v1.SessionRequest;
import docker.swarmkit.v1.UpdateTaskStatusRequest;
import docker.swarmkit.v1.UpdateTaskStatusResponse;
import docker.swarmkit.v1.WeightedPeer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Sessions as an agent has them, over a log of one. */
class DispatcherTest {
  private static final NodeId NODE = new NodeId("n1");
  private static final NodeId OTHER = new NodeId("n2");
  private static final Duration TIMEOUT = HeartbeatPlan.of(2, Duration.ZERO).stockTimeout();
  private static final Duration SOON = Duration.ofMillis(50);

  private final VirtualTime time = new VirtualTime();
  private CompletionStage<Void> caughtUp = CompletableFuture.completedFuture(null);
  private final AtomicInteger drawn = new AtomicInteger();
  private final MemoryLog log = new MemoryLog(new Peer("m", "m:2377"), time::execute);
  private final ControlLoop control =
      new ControlLoop(log, time, time, this::id, new Controllers(List.of()));
  private final Dispatcher dispatcher =
      new Dispatcher(
          control,
          time,
          time,
          this::id,
          DispatcherTest::managers,
          (addr, wait) -> false,
          time::execute,
          () -> caughtUp);

  DispatcherTest() {
    control.listen(dispatcher);
    log.start(control.stateMachine());
    time.pass(SOON);
    List<Change> changes = new ArrayList<>(List.of(node(NODE), node(OTHER)));
    ServiceSpec.Builder spec = ServiceSpec.newBuilder();
    spec.getAnnotationsBuilder().setName("web");
    spec.getTaskBuilder().getContainerBuilder().setImage("nginx");
    ServiceId web = new ServiceId("web");
    changes.add(
        new Change.PutService(Service.create(web, spec.build(), Endpoint.getDefaultInstance(), 1)));
    for (String task : List.of("mine", "theirs")) {
      Slot slot = new Slot.Replica(task.length());
      TaskId id = new TaskId(task);
      NodeId node = task.equals("mine") ? NODE : OTHER;
      changes.add(new Change.CreateTask(id, web, slot, NodeId.NONE, TaskState.RUNNING, false));
      changes.add(Change.AdvanceTask.report(id, status(TaskState.PENDING)));
      changes.add(new Change.AssignTask(id, node));
    }
    commit(changes);
  }

  private static Change node(NodeId id) {
    return new Change.PutNode(
        new Node(
            id,
            Meta.NONE,
            NodeSpec.getDefaultInstance(),
            NodeDescription.getDefaultInstance(),
            Node.Status.NEW,
            Certificate.getDefaultInstance(),
            NodeRole.WORKER));
  }

  private static TaskStatus status(TaskState state) {
    return TaskStatus.of(state, Instant.EPOCH, "");
  }

  private void commit(List<Change> changes) {
    assertEquals(true, result(control.submit((d, c) -> Verdict.accept(changes, s -> true))));
  }

  private <R> R result(CompletionStage<R> stage) {
    time.pass(SOON);
    return stage.toCompletableFuture().getNow(null);
  }

  private Rejection rejection(CompletionStage<?> stage) {
    time.pass(SOON);
    CompletionException e =
        assertThrows(CompletionException.class, () -> stage.toCompletableFuture().getNow(null));
    return assertInstanceOf(RejectedException.class, e.getCause()).rejection();
  }

  private Heard<SessionMessage> register(NodeId node) {
    return register(node, SessionRequest.getDefaultInstance());
  }

  private Heard<SessionMessage> register(NodeId node, SessionRequest request) {
    Heard<SessionMessage> session = new Heard<>();
    Cancellable _ = dispatcher.session(node, "192.0.2.9", request, session);
    time.pass(SOON);
    return session;
  }

  private Heard<AssignmentsMessage> assignments(NodeId node, String session) {
    Heard<AssignmentsMessage> stream = new Heard<>();
    Cancellable _ =
        dispatcher.assignments(
            node, AssignmentsRequest.newBuilder().setSessionId(session).build(), stream);
    time.pass(SOON);
    return stream;
  }

  private CompletionStage<HeartbeatResponse> beat(NodeId node, String session) {
    return dispatcher.heartbeat(node, HeartbeatRequest.newBuilder().setSessionId(session).build());
  }

  private CompletionStage<UpdateTaskStatusResponse> report(
      NodeId node, String session, String task, TaskState state) {
    UpdateTaskStatusRequest.Builder request =
        UpdateTaskStatusRequest.newBuilder().setSessionId(session);
    request.addUpdatesBuilder().setTaskId(task).setStatus(ToWire.status(status(state)));
    return dispatcher.updateTaskStatus(node, request.build());
  }

  private TaskState stateOf(String task) {
    return control.snapshot().tasks().find(new TaskId(task)).orElseThrow().state();
  }

  private boolean isReady(NodeId node) {
    return control.snapshot().nodes().find(node).orElseThrow().isReady();
  }

  private static String sessionId(Heard<SessionMessage> session) {
    return session.messages.getFirst().getSessionId();
  }

  @Test
  void aNodeThatRegistersIsReadyAndHearsItsSession() {
    Heard<SessionMessage> session = register(NODE);
    assertEquals("", session.closed);
    assertTrue(isReady(NODE));
    SessionMessage first = session.messages.getFirst();
    assertEquals(Optional.empty(), WireGuard.problem(first));
    assertEquals(NODE.value(), first.getNode().getId());
    Duration period = Durations.toJava(result(beat(NODE, sessionId(session))).getPeriod());
    assertEquals(Duration.ofMillis(300), period);
  }

  @Test
  void aNodeWithoutItsEngineSaysSo() {
    NodeDescription.Builder away = NodeDescription.newBuilder();
    away.getEngineBuilder()
        .addPluginsBuilder()
        .setType(Node.RUNTIME_PLUGIN)
        .setName(Node.ENGINE_AWAY);
    register(NODE, SessionRequest.newBuilder().setDescription(away).build());
    assertTrue(isReady(NODE));
    assertTrue(message(NODE).contains("does not answer"), message(NODE));
    register(NODE);
    assertEquals("", message(NODE));
  }

  private String message(NodeId node) {
    return control.snapshot().nodes().find(node).orElseThrow().status().message();
  }

  @Test
  void aStrangerIsTurnedAway() {
    assertEquals("node not registered", register(new NodeId("gone")).closed);
  }

  @Test
  void aManagerThatCeasesToLeadWhileANodeRegistersOpensNoSession() {
    control.listen(
        new CommitListener() {
          @Override
          public void committed(Snapshot snapshot, List<Delta> deltas) {
            dispatcher.leading(false);
          }
        });
    Heard<SessionMessage> session = register(NODE);
    assertEquals("this manager does not lead", session.closed);
    assertEquals(0, session.messages.size());
  }

  @Test
  void onlyTheNewestSessionOfANodeCounts() {
    Heard<SessionMessage> old = register(NODE);
    Heard<SessionMessage> fresh = register(NODE);
    assertEquals("the node opened another session", old.closed);
    assertNotEquals(sessionId(old), sessionId(fresh));
    for (String invalid : List.of("", "made-up", sessionId(old))) {
      assertEquals(Rejection.Kind.INVALID, rejection(beat(NODE, invalid)).kind());
      assertEquals(
          Rejection.invalid("session invalid"),
          rejection(report(NODE, invalid, "mine", TaskState.RUNNING)));
      assertEquals("session invalid", assignments(NODE, invalid).closed);
    }
    assertEquals("session invalid", assignments(OTHER, sessionId(fresh)).closed);
    assertEquals("", assignments(NODE, sessionId(fresh)).closed);
  }

  @Test
  void oneNodeRegistersThreeTimesInEightSeconds() {
    for (int i = 0; i < 3; i++) {
      assertEquals("", register(NODE).closed);
    }
    Heard<SessionMessage> fourth = register(NODE);
    assertTrue(fourth.closed.contains("exceeded rate limit"), fourth.closed);
    assertEquals(0, fourth.messages.size());
    assertEquals("", register(OTHER).closed, "others pay nothing for it");
    time.pass(Duration.ofSeconds(8));
    assertEquals("", register(NODE).closed);
  }

  @Test
  void aNodeSpeaksOfItsOwnTasksOnly() {
    String session = sessionId(register(NODE));
    result(report(NODE, session, "mine", TaskState.RUNNING));
    assertEquals(TaskState.RUNNING, stateOf("mine"));
    Rejection refused = rejection(report(NODE, session, "theirs", TaskState.FAILED));
    assertEquals(Rejection.Kind.PERMISSION_DENIED, refused.kind());
    assertEquals(TaskState.ASSIGNED, stateOf("theirs"));
    assertEquals(
        UpdateTaskStatusResponse.getDefaultInstance(),
        result(report(NODE, session, "long gone", TaskState.FAILED)));
    result(report(NODE, session, "mine", TaskState.STARTING));
    assertEquals(TaskState.RUNNING, stateOf("mine"), "a state never goes back");
  }

  @Test
  void howATaskEndedFirstIsHowItEnded() {
    String session = sessionId(register(NODE));
    result(report(NODE, session, "mine", TaskState.COMPLETE));
    // A node that lost its disk is told to stop the task, and has no record of it.
    String next = sessionId(register(NODE));
    assertEquals(
        UpdateTaskStatusResponse.getDefaultInstance(),
        result(report(NODE, next, "mine", TaskState.SHUTDOWN)),
        "it need not say so again");
    assertEquals(TaskState.COMPLETE, stateOf("mine"));
  }

  @Test
  void whatIsSaidAtOnceOfATasksEndIsTheFirstThatWasSaid() {
    String session = sessionId(register(NODE));
    var first = report(NODE, session, "mine", TaskState.COMPLETE);
    var second = report(NODE, session, "mine", TaskState.SHUTDOWN);
    result(first);
    result(second);
    assertEquals(TaskState.COMPLETE, stateOf("mine"));
  }

  @Test
  void aNodeIsSentItsTasksAndWhatBecomesOfThem() {
    String session = sessionId(register(NODE));
    Heard<AssignmentsMessage> stream = assignments(NODE, session);
    FollowingAgent agent = FollowingAgent.of(stream.messages.getFirst());
    assertEquals(Set.of("mine"), agent.tasks.keySet());
    commit(List.of(Change.AdvanceTask.desire(new TaskId("theirs"), TaskState.SHUTDOWN)));
    assertEquals(1, stream.messages.size());
    commit(List.of(Change.AdvanceTask.desire(new TaskId("mine"), TaskState.SHUTDOWN)));
    commit(List.of(new Change.RemoveTask(new TaskId("mine"))));
    assertEquals(3, stream.messages.size());
    stream.messages.stream().skip(1).forEach(agent::take);
    assertEquals(Set.of(), agent.tasks.keySet());
  }

  @Test
  void aSilentNodeIsDownAndItsSessionOver() {
    Heard<SessionMessage> session = register(NODE);
    Heard<AssignmentsMessage> stream = assignments(NODE, sessionId(session));
    time.pass(HeartbeatPlan.of(2, Duration.ZERO).stockTimeout().plusSeconds(1));
    assertEquals("node must disconnect", session.closed);
    assertEquals("node must disconnect", stream.closed);
    assertFalse(isReady(NODE));
    assertEquals(Rejection.Kind.INVALID, rejection(beat(NODE, sessionId(session))).kind());
  }

  @Test
  void aBeatThatWaitsInASocketIsHeardBeforeItsNodeIsJudged() {
    String session = sessionId(register(NODE));
    CompletableFuture<Void> reading = new CompletableFuture<>();
    caughtUp = reading;
    time.pass(TIMEOUT.plusSeconds(1));
    assertTrue(isReady(NODE), "it is not known yet what waits in the sockets");
    result(beat(NODE, session));
    reading.complete(null);
    time.pass(SOON);
    assertTrue(isReady(NODE));
    caughtUp = CompletableFuture.completedFuture(null);
    time.pass(TIMEOUT.plusSeconds(1));
    assertFalse(isReady(NODE), "then it is silent indeed");
  }

  @Test
  void aManagerThatNeverCatchesUpJudgesInTheEnd() {
    register(NODE);
    caughtUp = new CompletableFuture<>();
    time.pass(TIMEOUT.plus(NodeWatch.CATCH_UP_WITHIN).plusSeconds(1));
    assertFalse(isReady(NODE));
  }

  @Test
  void aManagerThatWasHeldUpGivesEveryNodeItsTimeAgain() {
    String session = sessionId(register(NODE));
    for (int i = 0; i < 5; i++) {
      time.pause(Duration.ofSeconds(3));
      time.pass(TIMEOUT.minusMillis(200));
    }
    assertTrue(isReady(NODE));
    result(beat(NODE, session));
    assertTrue(isReady(NODE));
  }

  @Test
  void nodesHaveTheirWholeTimeToRegisterWithANewLeaderThatIsHeldUp() {
    commit(List.of(hostname(OTHER)));
    time.pass(NodeWatch.REGISTER_WITHIN.minusSeconds(2));
    assertFalse(isDown(OTHER));
    time.pause(Duration.ofMinutes(1));
    time.pass(NodeWatch.REGISTER_WITHIN.minusSeconds(1));
    assertFalse(isDown(OTHER));
    time.pass(Duration.ofSeconds(2));
    assertTrue(isDown(OTHER));
  }

  private Change hostname(NodeId id) {
    Node node = control.snapshot().nodes().find(id).orElseThrow();
    return new Change.PutNode(
        node.withDescription(NodeDescription.newBuilder().setHostname("host").build()));
  }

  private boolean isDown(NodeId id) {
    return control.snapshot().nodes().find(id).orElseThrow().isDown();
  }

  private String id() {
    return "id" + drawn.incrementAndGet();
  }

  static List<WeightedPeer> managers() {
    return List.of(
        WeightedPeer.newBuilder()
            .setPeer(docker.swarmkit.v1.Peer.newBuilder().setAddr("192.0.2.1:2377"))
            .build());
  }

  /** One stream, as its agent sees it. */
  private static final class Heard<T> implements StreamReceiver<T> {
    final List<T> messages = new ArrayList<>();
    String closed = "";

    @Override
    public void next(T message) {
      assertEquals("", closed);
      messages.add(message);
    }

    @Override
    public void closed(String cause) {
      assertEquals("", closed);
      closed = cause;
    }
  }
}
