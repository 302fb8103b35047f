package dev.swarm.manager.dispatcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Timestamp;
import dev.swarm.core.control.service.ServiceControl;
import dev.swarm.core.loop.Controllers;
import dev.swarm.core.model.Meta;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.plan.Decision;
import dev.swarm.core.plan.Verdict;
import dev.swarm.core.port.ReplicatedLog.Peer;
import dev.swarm.core.port.StreamReceiver;
import dev.swarm.core.sim.VirtualTime;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.Snapshot;
import dev.swarm.core.wire.Reported;
import dev.swarm.manager.loop.ControlLoop;
import dev.swarm.manager.raft.MemoryLog;
import docker.swarmkit.v1.Certificate;
import docker.swarmkit.v1.CreateServiceRequest;
import docker.swarmkit.v1.HeartbeatRequest;
import docker.swarmkit.v1.NodeDescription;
import docker.swarmkit.v1.NodeRole;
import docker.swarmkit.v1.NodeSpec;
import docker.swarmkit.v1.ServiceSpec;
import docker.swarmkit.v1.SessionMessage;
import docker.swarmkit.v1.SessionRequest;
import docker.swarmkit.v1.TaskStatus;
import docker.swarmkit.v1.UpdateServiceRequest;
import docker.swarmkit.v1.UpdateStatus.UpdateState;
import docker.swarmkit.v1.UpdateTaskStatusRequest;
import docker.swarmkit.v1.UpdateTaskStatusResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A worker that turned, and reports of its tasks what should end the manager. */
class HostileReportTest {
  private static final NodeId NODE = new NodeId("n1");
  private static final Duration SOON = Duration.ofMillis(200);

  private final VirtualTime time = new VirtualTime();
  private final AtomicInteger drawn = new AtomicInteger();
  private final MemoryLog log = new MemoryLog(new Peer("m", "m:2377"), time::execute);
  private final ControlLoop control =
      new ControlLoop(log, time, time, () -> "id" + drawn.incrementAndGet(), Controllers.ALL);
  private final Dispatcher dispatcher =
      new Dispatcher(
          control,
          time,
          time,
          () -> "id" + drawn.incrementAndGet(),
          DispatcherTest::managers,
          (addr, wait) -> true,
          time::execute,
          ReceiveBacklog.instant());
  private final List<String> sessions = new ArrayList<>();

  HostileReportTest() {
    time.pass(Duration.ofDays(20_000));
    control.listen(dispatcher);
    log.start(control.stateMachine());
    time.pass(SOON);
    Node node =
        new Node(
            NODE,
            Meta.NONE,
            NodeSpec.getDefaultInstance(),
            NodeDescription.getDefaultInstance(),
            Node.Status.NEW,
            Certificate.getDefaultInstance(),
            NodeRole.WORKER);
    result(
        control.submit(
            (draft, context) ->
                Verdict.accept(List.of(new Change.PutNode(node)), snapshot -> true)));
    register();
    create("web", 3);
    assertEquals(3, tasks().size());
  }

  private void register() {
    SessionRequest.Builder request = SessionRequest.newBuilder();
    request
        .getDescriptionBuilder()
        .setHostname("worker")
        .getPlatformBuilder()
        .setOs("linux")
        .setArchitecture("amd64");
    var _ =
        dispatcher.session(
            NODE,
            "192.0.2.9",
            request.build(),
            new StreamReceiver<SessionMessage>() {
              @Override
              public void next(SessionMessage message) {
                sessions.add(message.getSessionId());
              }

              @Override
              public void closed(String cause) {}
            });
    time.pass(SOON);
  }

  private <R> R result(CompletionStage<R> stage) {
    time.pass(SOON);
    assertTrue(stage.toCompletableFuture().isDone(), "nobody answers");
    return stage.toCompletableFuture().join();
  }

  private static ServiceSpec spec(String name, int replicas, String image) {
    ServiceSpec.Builder spec = ServiceSpec.newBuilder();
    spec.getAnnotationsBuilder().setName(name);
    spec.getTaskBuilder().getContainerBuilder().setImage(image);
    spec.getReplicatedBuilder().setReplicas(replicas);
    return spec.build();
  }

  private void create(String name, int replicas) {
    result(
        control.submit(
            ServiceControl.create(
                CreateServiceRequest.newBuilder().setSpec(spec(name, replicas, "nginx")).build())));
  }

  private List<Task> tasks() {
    return control.snapshot().tasks().stream().filter(task -> task.node().equals(NODE)).toList();
  }

  private CompletionStage<UpdateTaskStatusResponse> report(
      List<Task> tasks, Consumer<TaskStatus.Builder> status) {
    UpdateTaskStatusRequest.Builder request =
        UpdateTaskStatusRequest.newBuilder().setSessionId(sessions.getLast());
    for (Task task : tasks) {
      status.accept(request.addUpdatesBuilder().setTaskId(task.id().value()).getStatusBuilder());
    }
    return dispatcher.updateTaskStatus(NODE, request.build());
  }

  private void aWriteSucceeds() {
    create("another" + drawn.incrementAndGet(), 0);
  }

  @Test
  void aMessageLargerThanAnEntry() {
    List<Task> one = tasks().subList(0, 1);
    result(
        report(
            one,
            status ->
                status
                    .setState(docker.swarmkit.v1.TaskState.PREPARING)
                    .setMessage("first" + "é".repeat(1_950_000) + "last")
                    .setErr("e".repeat(900_000))));
    TaskStatus kept =
        dev.swarm.core.wire.ToWire.status(
            control.snapshot().tasks().find(one.getFirst().id()).orElseThrow().status());
    assertTrue(kept.getMessage().startsWith("first"), "it is kept, cut");
    assertTrue(kept.getMessage().endsWith("last"), "it is kept, cut");
    assertTrue(bytes(kept.getMessage()) <= Reported.TEXT_BYTES_MAX);
    assertTrue(bytes(kept.getErr()) <= Reported.TEXT_BYTES_MAX);
    aWriteSucceeds();
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  @Test
  void threeMessagesOfWhichEachFitsAnEntry() {
    result(
        report(
            tasks(),
            status ->
                status
                    .setState(docker.swarmkit.v1.TaskState.PREPARING)
                    .setMessage("x".repeat(900_000))));
    aWriteSucceeds();
  }

  /** What is within bounds each, and too much for one entry together, takes several. */
  @Test
  void moreReportsThanFitAnEntry() {
    create("many", 2_000);
    assertEquals(2_003, tasks().size());
    CompletionStage<Decision.Context> asked =
        control.submit((draft, context) -> Verdict.accept(List.of(), snapshot -> context));
    var reported =
        report(
            tasks(),
            status ->
                status
                    .setState(docker.swarmkit.v1.TaskState.PREPARING)
                    .setMessage("m".repeat(4000))
                    .setErr("e".repeat(4000)));
    result(asked);
    time.pass(Duration.ofSeconds(1));
    result(reported);
    assertEquals(2_003, tasks().stream().filter(t -> t.state() == TaskState.PREPARING).count());
    aWriteSucceeds();
  }

  @Test
  void timesBeyondAllYearsWhileAServiceIsUpdated() {
    for (long seconds : List.of(31_556_889_864_403_199L, Long.MAX_VALUE, Long.MIN_VALUE, -1L)) {
      result(report(tasks(), status -> running(status, seconds, Integer.MAX_VALUE)));
      update("nginx:" + drawn.incrementAndGet());
      for (int i = 0; i < 20; i++) {
        List<Task> running =
            tasks().stream().filter(task -> task.state().isBefore(TaskState.RUNNING)).toList();
        result(report(running, status -> running(status, seconds, Integer.MIN_VALUE)));
        List<Task> stopping =
            tasks().stream()
                .filter(task -> !task.isRunnable() && !task.state().isTerminal())
                .toList();
        result(report(stopping, HostileReportTest::shutDown));
        beat();
        time.pass(Duration.ofSeconds(2));
      }
      Instant now = time.now().plus(Reported.SKEW_MAX);
      for (Task task : tasks()) {
        assertTrue(!task.status().at().isAfter(now), task.status().at().toString());
        assertTrue(!task.status().at().isBefore(Instant.EPOCH), task.status().at().toString());
      }
    }
    aWriteSucceeds();
  }

  /** What an older version let into the log: nobody waits until then. */
  @Test
  void aTimeFarAheadThatIsStoredAlready() {
    Instant never = Instant.parse("9999-12-31T23:59:59Z");
    update("nginx:old-log");
    for (int i = 0; i < 20; i++) {
      List<Change> running =
          tasks().stream()
              .filter(task -> task.isRunnable() && task.state().isBefore(TaskState.RUNNING))
              .<Change>map(
                  task ->
                      Change.AdvanceTask.report(
                          task.id(),
                          dev.swarm.core.model.TaskStatus.of(TaskState.RUNNING, never, "")))
              .toList();
      result(control.submit((draft, context) -> Verdict.accept(running, snapshot -> true)));
      result(
          report(
              tasks().stream().filter(t -> !t.isRunnable() && !t.state().isTerminal()).toList(),
              HostileReportTest::shutDown));
      beat();
      time.pass(Duration.ofSeconds(2));
    }
    assertEquals(Optional.of(UpdateState.COMPLETED), updateState());
  }

  private Optional<UpdateState> updateState() {
    return control.snapshot().services().stream()
        .filter(service -> service.name().equals("web"))
        .flatMap(service -> service.updateStatus().stream())
        .map(status -> status.getState())
        .findFirst();
  }

  private void beat() {
    HeartbeatRequest beat = HeartbeatRequest.newBuilder().setSessionId(sessions.getLast()).build();
    result(dispatcher.heartbeat(NODE, beat));
  }

  private static void running(TaskStatus.Builder status, long seconds, int nanos) {
    status
        .setState(docker.swarmkit.v1.TaskState.RUNNING)
        .setTimestamp(Timestamp.newBuilder().setSeconds(seconds).setNanos(nanos));
  }

  private static void shutDown(TaskStatus.Builder status) {
    status.setState(docker.swarmkit.v1.TaskState.SHUTDOWN);
  }

  private void update(String image) {
    Snapshot snapshot = control.snapshot();
    var service =
        snapshot.services().stream()
            .filter(each -> each.name().equals("web"))
            .findFirst()
            .orElseThrow();
    UpdateServiceRequest.Builder request =
        UpdateServiceRequest.newBuilder()
            .setServiceId(service.id().value())
            .setSpec(spec("web", 3, image));
    request.getServiceVersionBuilder().setIndex(service.meta().version());
    result(control.submit(ServiceControl.update(request.build())));
    UpdateState state =
        control
            .snapshot()
            .services()
            .find(service.id())
            .flatMap(now -> now.updateStatus())
            .map(now -> now.getState())
            .orElseThrow();
    assertEquals(UpdateState.UPDATING, state, "so that the updater looks at the times");
  }
}
