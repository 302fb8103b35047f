package dev.swarm.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.swarm.core.sim.VirtualTime;
import dev.swarm.worker.scripted.FaultyDisk;
import dev.swarm.worker.scripted.ScriptedEngine;
import dev.swarm.worker.scripted.ScriptedManager;
import dev.swarm.worker.session.AgentListener;
import docker.swarmkit.v1.IssuanceStatus;
import docker.swarmkit.v1.LogSelector;
import docker.swarmkit.v1.LogSubscriptionOptions;
import docker.swarmkit.v1.Node;
import docker.swarmkit.v1.Peer;
import docker.swarmkit.v1.SessionMessage;
import docker.swarmkit.v1.SubscriptionMessage;
import docker.swarmkit.v1.Task;
import docker.swarmkit.v1.TaskState;
import docker.swarmkit.v1.TaskStatus;
import docker.swarmkit.v1.WeightedPeer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Stories of one worker and one manager, in virtual time. */
final class WorkerTest {
  private final VirtualTime loop = new VirtualTime();
  private final ScriptedEngine engine = new ScriptedEngine(loop);
  private final FaultyDisk disk = new FaultyDisk();
  private final ScriptedManager manager = new ScriptedManager(loop);
  private final Heard heard = new Heard();
  private Worker worker = open();

  private static final class Heard implements AgentListener {
    private final List<String> lost = new ArrayList<>();
    private final List<ByteString> roots = new ArrayList<>();
    private List<WeightedPeer> managers = List.of();
    private int renewals;

    @Override
    public void sessionLost(String cause, Duration retryIn) {
      lost.add(cause);
    }

    @Override
    public void managers(List<WeightedPeer> now) {
      managers = now;
    }

    @Override
    public void rootCertificates(ByteString pem) {
      roots.add(pem);
    }

    @Override
    public void renewCertificate() {
      renewals++;
    }
  }

  private Worker open() {
    return Worker.builder()
        .nodeId(() -> "n1")
        .hostname("host-1")
        .engine(engine)
        .disk(disk)
        .eventLoop(loop)
        .clock(loop)
        .random(new SplittableRandom(1))
        .links(manager::connect)
        .managers(List.of("m1:2377"))
        .listener(heard)
        .build();
  }

  @BeforeEach
  void start() {
    assertDone(worker.start());
    loop.passMillis(100);
    assertEquals(1, manager.registrations.size());
  }

  @Test
  void aTaskRunsAndItsStatesAreReported() {
    manager.assign(task("t1", TaskState.RUNNING));
    loop.passMillis(1000);
    assertEquals(TaskState.RUNNING, last("t1").getState());
    assertEquals("box-t1", last("t1").getContainer().getContainerId());
    engine.exit("t1", 7);
    loop.passMillis(100);
    assertEquals(TaskState.FAILED, last("t1").getState());
    assertEquals("task: non-zero exit (7)", last("t1").getErr());
    assertEquals(7, last("t1").getContainer().getExitCode());
    manager.remove("t1");
    loop.passMillis(100);
    assertEquals(0, disk.size());
    assertTrue(engine.boxes.isEmpty());
  }

  @Test
  void readyIsHeldUntilRunningIsWanted() {
    manager.assign(task("t1", TaskState.READY));
    loop.passMillis(5000);
    assertEquals(TaskState.READY, last("t1").getState());
    assertEquals(0, engine.starts);
    manager.assign(task("t1", TaskState.RUNNING));
    loop.passMillis(500);
    assertEquals(TaskState.RUNNING, last("t1").getState());
    manager.assign(task("t1", TaskState.READY));
    manager.assign(task("t1", TaskState.SHUTDOWN));
    loop.passMillis(500);
    assertEquals(TaskState.SHUTDOWN, last("t1").getState());
    assertTrue(engine.boxes.containsKey("t1"));
  }

  @Test
  void whatFailsBeforeStartingIsRejectedAndAfterItFailed() {
    engine.prepareFails = "no such image";
    manager.assign(task("t1", TaskState.RUNNING));
    loop.passMillis(1000);
    assertEquals(TaskState.REJECTED, last("t1").getState());
    assertEquals("no such image", last("t1").getErr());
    engine.prepareFails = "";
    engine.startFails = "port is already allocated";
    manager.assign(task("t2", TaskState.RUNNING));
    loop.passMillis(1000);
    assertEquals(TaskState.FAILED, last("t2").getState());
  }

  @Test
  void anEngineThatIsAwayFailsNoTask() {
    manager.assign(task("t1", TaskState.READY));
    loop.passMillis(1000);
    engine.away = true;
    manager.assign(task("t1", TaskState.RUNNING));
    manager.assign(task("t2", TaskState.RUNNING));
    loop.passMillis(120_000);
    assertEquals(TaskState.STARTING, last("t1").getState());
    assertEquals(TaskState.PREPARING, last("t2").getState());
    assertEquals("the engine cannot be reached", last("t2").getErr());
    assertEquals(1, manager.registrations.size());
    engine.away = false;
    loop.passMillis(3000);
    assertEquals(TaskState.RUNNING, last("t1").getState());
    assertEquals(TaskState.RUNNING, last("t2").getState());
    assertEquals("", last("t2").getErr());
    assertEquals(2, engine.starts);
  }

  @Test
  void whatIsToEndWhileTheEngineIsAwayEndsSoonAfter() {
    manager.assign(task("t1", TaskState.RUNNING));
    loop.passMillis(1000);
    engine.away = true;
    manager.assign(task("t1", TaskState.SHUTDOWN));
    manager.assign(task("t2", TaskState.RUNNING));
    loop.passMillis(60_000);
    manager.assign(task("t2", TaskState.SHUTDOWN));
    loop.passMillis(60_000);
    assertEquals(TaskState.RUNNING, last("t1").getState());
    engine.away = false;
    loop.passMillis(2500);
    assertEquals(TaskState.SHUTDOWN, last("t1").getState());
    assertEquals(TaskState.SHUTDOWN, last("t2").getState());
    assertEquals(1, engine.starts);
  }

  @Test
  void anEngineThatTellsOfItsChangeIsNotWaitedFor() {
    engine.restartAs("2");
    loop.passMillis(100);
    assertEquals(2, manager.registrations.size());
    assertEquals(
        "2", manager.registrations.getLast().getDescription().getEngine().getEngineVersion());
    engine.restartAs("2");
    loop.passMillis(60_000);
    assertEquals(2, manager.registrations.size(), "nothing is different");
  }

  @Test
  void aShutdownOvertakesALongPreparation() {
    engine.prepareMillis = 600_000;
    manager.assign(task("t1", TaskState.RUNNING));
    loop.passMillis(1000);
    manager.assign(task("t1", TaskState.SHUTDOWN));
    loop.passMillis(1000);
    assertEquals(TaskState.SHUTDOWN, last("t1").getState());
  }

  @Test
  void aRestartKeepsContainersRunning() {
    manager.assign(task("t1", TaskState.RUNNING));
    manager.assign(task("t2", TaskState.RUNNING));
    loop.passMillis(1000);
    worker.close();
    loop.passMillis(5000);
    assertEquals(2, engine.starts);
    manager.assigned.remove("t2");
    worker = open();
    assertDone(worker.start());
    loop.passMillis(5000);
    assertEquals(2, engine.starts);
    assertTrue(engine.isRunning("t1"));
    assertFalse(engine.boxes.containsKey("t2"));
    engine.exit("t1", 0);
    loop.passMillis(100);
    assertEquals(TaskState.COMPLETE, last("t1").getState());
  }

  @Test
  void strayContainersAreRemoved() {
    worker.close();
    engine.boxes.put("stray", new ScriptedEngine.Box());
    worker = open();
    assertDone(worker.start());
    loop.passMillis(1000);
    assertTrue(engine.boxes.isEmpty());
  }

  @Test
  void beatsKeepTheManagersPeriod() {
    manager.periodMillis = 700;
    loop.passMillis(10_000);
    List<Long> beats = List.copyOf(manager.beats);
    for (int i = 4; i < beats.size(); i++) {
      assertEquals(700, beats.get(i) - beats.get(i - 1));
    }
    assertTrue(manager.hedges.isEmpty());
  }

  @Test
  void aSilentStandingConnectionIsHedged() {
    loop.passMillis(2000);
    manager.standingSilent = true;
    manager.freshSilent = true;
    loop.passMillis(2000);
    manager.freshSilent = false;
    long healed = loop.millis();
    loop.passMillis(1000);
    assertEquals(1, manager.registrations.size());
    assertTrue(heard.lost.isEmpty(), heard.lost::toString);
    // A fresh connection is tried every 250 ms: half of the period of 500 ms.
    assertTrue(manager.hedges.getFirst() - healed <= 250, manager.hedges::toString);
    manager.standingSilent = false;
    loop.passMillis(1000);
    assertEquals(1, manager.registrations.size());
  }

  @Test
  void aStandingConnectionThatStaysSilentIsGivenUp() {
    loop.passMillis(1000);
    manager.standingSilent = true;
    loop.passMillis(12_000);
    manager.standingSilent = false;
    assertEquals(List.of("heartbeats pass only on fresh connections"), heard.lost.subList(0, 1));
    loop.passMillis(10_000);
    assertTrue(manager.registrations.size() >= 2);
  }

  @Test
  void aWorkerThatWasHeldUpKeepsItsSessionWhileTheManagerDoes() {
    manager.assign(task("t1", TaskState.RUNNING));
    for (int i = 0; i < 5; i++) {
      loop.passMillis(3000);
      manager.standingSilent = true;
      manager.freshSilent = true;
      loop.passMillis(1000);
      loop.pause(Duration.ofSeconds(20));
      manager.standingSilent = false;
      manager.freshSilent = false;
    }
    loop.passMillis(20_000);
    assertEquals(1, manager.registrations.size());
    assertTrue(heard.lost.isEmpty(), heard.lost::toString);
    assertEquals(TaskState.RUNNING, last("t1").getState());
  }

  @Test
  void theSessionIsLostWhenNoBeatGetsThrough() {
    loop.passMillis(1000);
    manager.standingSilent = true;
    manager.freshSilent = true;
    loop.passMillis(6000);
    assertEquals("no answer to a heartbeat", heard.lost.getFirst());
  }

  @Test
  void aLostManagerIsFoundAgainSoonAndHearsEverything() {
    manager.assign(task("t1", TaskState.RUNNING));
    loop.passMillis(1000);
    manager.refusing = true;
    manager.reset();
    loop.passMillis(60_000);
    manager.refusing = false;
    manager.reports.clear();
    loop.passMillis(2500);
    assertEquals(2, manager.registrations.size());
    assertEquals("session-1", manager.registrations.get(1).getSessionId());
    assertEquals(TaskState.RUNNING, last("t1").getState());
    assertEquals(1, engine.starts);
    assertTrue(heard.lost.size() < 200, () -> heard.lost.size() + " tries in a minute");
  }

  @Test
  void aManagerThatSaysNothingIsLeftAfterFiveSeconds() {
    manager.mute = true;
    manager.reset();
    loop.passMillis(6000);
    assertTrue(heard.lost.contains("the manager did not answer the registration"));
  }

  @Test
  void aGapInTheAssignmentsStartsTheSessionAgain() {
    manager.skipVersion();
    manager.assign(task("t1", TaskState.RUNNING));
    loop.passMillis(3000);
    assertEquals(2, manager.registrations.size());
    assertEquals(TaskState.RUNNING, last("t1").getState());
  }

  @Test
  void aNewDescriptionIsRegistered() {
    engine.version = "2";
    loop.passMillis(21_000);
    assertEquals(2, manager.registrations.size());
    assertEquals("2", manager.registrations.get(1).getDescription().getEngine().getEngineVersion());
    loop.passMillis(60_000);
    assertEquals(2, manager.registrations.size());
  }

  @Test
  void whatTheManagerSaysIsPassedOnOnce() {
    SessionMessage.Builder message =
        SessionMessage.newBuilder()
            .setSessionId("session-1")
            .setRootCA(ByteString.copyFromUtf8("r"));
    message.addManagersBuilder().setPeer(Peer.newBuilder().setAddr("m2:2377")).setWeight(10);
    Node.Builder node = Node.newBuilder().setId("n1");
    node.getCertificateBuilder().getStatusBuilder().setState(IssuanceStatus.State.ROTATE);
    manager.send(message.setNode(node).build());
    node.getStatusBuilder().setMessage("status does not count");
    manager.send(message.setNode(node).build());
    // An empty list of managers would leave the node nowhere to go.
    manager.send(SessionMessage.newBuilder().setSessionId("session-1").build());
    loop.passMillis(100);
    assertEquals(1, heard.renewals);
    assertEquals(1, heard.roots.size());
    assertEquals("m2:2377", heard.managers.getFirst().getPeer().getAddr());
    CompletionStage<List<String>> known = worker.managers();
    loop.passMillis(1);
    assertEquals(List.of("m2:2377"), known.toCompletableFuture().getNow(List.of()));
  }

  @Test
  void leavingRemovesEverything() {
    manager.assign(task("t1", TaskState.RUNNING));
    loop.passMillis(1000);
    CompletionStage<Void> left = worker.leave();
    loop.passMillis(1000);
    assertDone(left);
    assertTrue(engine.boxes.isEmpty());
    assertEquals(0, disk.size());
    assertEquals(1, manager.registrations.size());
  }

  @Test
  void logsArePublishedAsFastAsTheyAreTaken() {
    manager.assign(task("t1", TaskState.RUNNING));
    loop.passMillis(1000);
    engine.lines = 500;
    manager.publicationsReady = false;
    manager.send(subscription(false).build());
    loop.passMillis(1000);
    assertTrue(manager.published.isEmpty());
    manager.publicationsReady = true;
    loop.passMillis(1000);
    assertEquals(500, lines());
    assertTrue(manager.published.getLast().getClose());
    assertEquals("t1", manager.published.getFirst().getMessages(0).getContext().getTaskId());
  }

  @Test
  void whoFollowsSeesTasksThatComeLater() {
    manager.send(subscription(true).build());
    loop.passMillis(100);
    manager.assign(task("t1", TaskState.RUNNING));
    loop.passMillis(1000);
    assertEquals(3, lines());
    manager.send(SubscriptionMessage.newBuilder().setId("sub").setClose(true).build());
    loop.passMillis(100);
    assertTrue(manager.published.getLast().getClose());
  }

  @Test
  void aFullDiskDoesNotHideWhatTasksDo() {
    disk.broken = true;
    manager.assign(task("t1", TaskState.RUNNING));
    loop.passMillis(5000);
    assertEquals(TaskState.RUNNING, last("t1").getState());
    disk.broken = false;
    loop.passMillis(2000);
    assertEquals(1, disk.size());
  }

  private static SubscriptionMessage.Builder subscription(boolean follow) {
    return SubscriptionMessage.newBuilder()
        .setId("sub")
        .setSelector(LogSelector.newBuilder().addServiceIds("svc"))
        .setOptions(LogSubscriptionOptions.newBuilder().setFollow(follow));
  }

  private int lines() {
    return manager.published.stream().mapToInt(message -> message.getMessagesCount()).sum();
  }

  private TaskStatus last(String taskId) {
    return manager.reports(taskId).getLast();
  }

  private void assertDone(CompletionStage<Void> stage) {
    loop.passMillis(0);
    assertTrue(stage.toCompletableFuture().isDone());
  }

  private static Task task(String id, TaskState desired) {
    return Task.newBuilder()
        .setId(id)
        .setServiceId("svc")
        .setNodeId("n1")
        .setDesiredState(desired)
        .setStatus(TaskStatus.newBuilder().setState(TaskState.ASSIGNED))
        .build();
  }
}
