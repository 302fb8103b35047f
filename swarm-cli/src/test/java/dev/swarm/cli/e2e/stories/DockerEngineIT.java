package dev.swarm.cli.e2e.stories;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import dev.swarm.cli.e2e.lab.Host;
import dev.swarm.cli.e2e.lab.Lab;
import dev.swarm.cli.e2e.lab.NeedsHosts;
import dev.swarm.host.SystemClock;
import dev.swarm.worker.assignment.AssignmentSet;
import dev.swarm.worker.engine.EngineOffer;
import dev.swarm.worker.engine.Exit;
import dev.swarm.worker.engine.LogOptions;
import dev.swarm.worker.engine.Unit;
import dev.swarm.worker.engine.docker.DockerEngine;
import dev.swarm.worker.secret.SecretFiles;
import docker.swarmkit.v1.Annotations;
import docker.swarmkit.v1.ContainerSpec;
import docker.swarmkit.v1.FileTarget;
import docker.swarmkit.v1.HealthConfig;
import docker.swarmkit.v1.LogMessage;
import docker.swarmkit.v1.LogStream;
import docker.swarmkit.v1.PortConfig;
import docker.swarmkit.v1.Secret;
import docker.swarmkit.v1.SecretReference;
import docker.swarmkit.v1.SecretSpec;
import docker.swarmkit.v1.Task;
import docker.swarmkit.v1.TaskSpec;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Our worker's adapter on a stock engine: each promise of the port it implements. */
@NeedsHosts
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DockerEngineIT {
  private static final String NODE = "testnode";

  private Lab lab;
  private Host host;
  private DockerEngine engine;

  @BeforeAll
  void startEngine() {
    lab = Lab.open("docker-engine");
    host = lab.host("one");
    host.engine().start();
  }

  @AfterAll
  void takeDown() {
    lab.close();
  }

  private DockerEngine open() {
    return new DockerEngine(
        URI.create(host.engine().url()),
        () -> NODE,
        new SecretFiles(SecretFiles.place(host.disk().resolve("worker"))),
        new SystemClock(),
        false);
  }

  @BeforeEach
  void begin() {
    engine = open();
  }

  @AfterEach
  void clear() throws Exception {
    for (String id : get(engine.list())) {
      get(engine.remove(id));
    }
    assertEquals(List.of(), get(engine.list()));
    engine.close();
  }

  @Test
  void describesItself() throws Exception {
    EngineOffer offer = get(engine.describe());
    assertEquals("linux", offer.platform().getOs());
    assertTrue(offer.resources().getMemoryBytes() > 0);
    assertTrue(
        offer.engine().getPluginsList().stream().noneMatch(p -> p.getName().equals("overlay")));
  }

  @Test
  void runsToTheEndAndReportsItsExitCode() throws Exception {
    Task task = task("t1", "sh", "-c", "echo out; echo err >&2; exit 7");
    Exit exit = run(task);
    assertEquals(7, exit.unit().container().getExitCode());
    assertEquals("task: non-zero exit (7)", exit.failure());
    BlockingQueue<LogMessage> log = new LinkedBlockingQueue<>();
    engine.logs(task, new LogOptions(true, true, false, -1, Optional.empty()), new Collector(log));
    LogMessage first = log.poll(10, TimeUnit.SECONDS);
    LogMessage second = log.poll(10, TimeUnit.SECONDS);
    assertTrue(first != null && second != null);
    boolean outFirst = first.getStream() == LogStream.LOG_STREAM_STDOUT;
    assertEquals("out\n", (outFirst ? first : second).getData().toStringUtf8());
    assertEquals("err\n", (outFirst ? second : first).getData().toStringUtf8());
    assertTrue(first.getTimestamp().getSeconds() > 0);
  }

  @Test
  void stopsWithinTheGracePeriod() throws Exception {
    Task task = task("t2", "sh", "-c", "trap 'exit 3' USR1; while :; do sleep 0.1; done");
    task = withContainer(task, task.getSpec().getContainer().toBuilder().setStopSignal("SIGUSR1"));
    assertFalse(
        get(engine.prepare(task, AssignmentSet.EMPTY)).container().getContainerId().isEmpty(),
        "users see the container while it starts");
    Unit unit = get(engine.start(task));
    assertTrue(unit.container().getPid() > 0);
    assertEquals(List.of("t2"), get(engine.list()));
    CompletionStage<Exit> end = engine.await(task);
    assertEquals(3, get(engine.stop(task)).container().getExitCode());
    assertEquals(3, get(end).unit().container().getExitCode());
  }

  @Test
  void isFoundAgainAfterARestart() throws Exception {
    Task task = task("t3", "sleep", "1000");
    get(engine.prepare(task, AssignmentSet.EMPTY));
    int pid = get(engine.start(task)).container().getPid();
    engine.close();
    engine = open();
    get(engine.prepare(task, AssignmentSet.EMPTY));
    assertEquals(pid, get(engine.start(task)).container().getPid());
    CompletionStage<Exit> end = engine.await(task);
    get(engine.stop(task));
    assertEquals("task: non-zero exit (137)", get(end).failure());
  }

  @Test
  void seesItsSecrets() throws Exception {
    Task task = task("t4", "sh", "-c", "test \"$(cat /run/secrets/key)\" = hush");
    SecretReference reference =
        SecretReference.newBuilder()
            .setSecretId("s1")
            .setSecretName("key")
            .setFile(FileTarget.newBuilder().setName("key").setMode(0400).setUid("0").setGid("0"))
            .build();
    task = withContainer(task, task.getSpec().getContainer().toBuilder().addSecrets(reference));
    Task bound = task;
    ExecutionException missing =
        assertThrows(
            ExecutionException.class, () -> get(engine.prepare(bound, AssignmentSet.EMPTY)));
    assertTrue(String.valueOf(missing.getMessage()).contains("secret key not found"));
    TreeMap<String, Secret> secrets = new TreeMap<>();
    secrets.put(
        "s1",
        Secret.newBuilder()
            .setId("s1")
            .setSpec(SecretSpec.newBuilder().setData(ByteString.copyFromUtf8("hush")))
            .build());
    get(engine.prepare(task, new AssignmentSet("1", new TreeMap<>(), secrets, new TreeMap<>())));
    get(engine.start(task));
    assertEquals("", get(engine.await(task)).failure());
  }

  @Test
  void runsOnlyOnceHealthyAndFailsWhenUnhealthy() throws Exception {
    Task task = task("t5", "sh", "-c", "touch /tmp/ok; sleep 1000");
    HealthConfig check =
        HealthConfig.newBuilder()
            .addTest("CMD-SHELL")
            .addTest("test -e /tmp/ok")
            .setInterval(Duration.newBuilder().setNanos(300_000_000))
            .setTimeout(Duration.newBuilder().setSeconds(5))
            .setRetries(1)
            .build();
    task =
        withContainer(
            task,
            task.getSpec().getContainer().toBuilder()
                .setHealthcheck(check)
                .setStopGracePeriod(Duration.newBuilder().setNanos(1)));
    get(engine.prepare(task, AssignmentSet.EMPTY));
    get(engine.start(task));
    Task sick =
        withContainer(
            task.toBuilder().setId("t6").build(),
            task.getSpec().getContainer().toBuilder()
                .setHealthcheck(check.toBuilder().setTest(1, "false")));
    get(engine.prepare(sick, AssignmentSet.EMPTY));
    ExecutionException unhealthy =
        assertThrows(ExecutionException.class, () -> get(engine.start(sick)));
    assertTrue(String.valueOf(unhealthy.getMessage()).contains("dockerexec: unhealthy container"));
  }

  @Test
  void reportsThePortItGot() throws Exception {
    Task.Builder task = task("t7", "sleep", "1000").toBuilder();
    task.getEndpointBuilder()
        .addPorts(
            PortConfig.newBuilder().setTargetPort(80).setPublishMode(PortConfig.PublishMode.HOST));
    get(engine.prepare(task.build(), AssignmentSet.EMPTY));
    Unit unit = get(engine.start(task.build()));
    assertTrue(unit.ports().getFirst().getPublishedPort() > 0);
  }

  @Test
  void refusesAnImageThatIsNotThere() {
    Task.Builder task = task("t8", "sleep", "1").toBuilder();
    task.getSpecBuilder().getContainerBuilder().setImage("no/such:image");
    ExecutionException missing =
        assertThrows(
            ExecutionException.class, () -> get(engine.prepare(task.build(), AssignmentSet.EMPTY)));
    assertTrue(String.valueOf(missing.getMessage()).contains("No such image: no/such:image"));
  }

  private Exit run(Task task) throws Exception {
    get(engine.prepare(task, AssignmentSet.EMPTY));
    get(engine.start(task));
    return get(engine.await(task));
  }

  private static Task task(String id, String... command) {
    return Task.newBuilder()
        .setId(id)
        .setNodeId(NODE)
        .setSlot(1)
        .setServiceId("svc")
        .setServiceAnnotations(Annotations.newBuilder().setName("web"))
        .setSpec(
            TaskSpec.newBuilder()
                .setContainer(
                    ContainerSpec.newBuilder()
                        .setImage("busybox:latest")
                        .addAllCommand(List.of(command))
                        .setStopGracePeriod(Duration.newBuilder().setSeconds(1))))
        .build();
  }

  private static Task withContainer(Task task, ContainerSpec.Builder spec) {
    return task.toBuilder().setSpec(task.getSpec().toBuilder().setContainer(spec)).build();
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private record Collector(BlockingQueue<LogMessage> log) implements Flow.Subscriber<LogMessage> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(1000);
    }

    @Override
    public void onNext(LogMessage message) {
      log.add(message);
    }

    @Override
    public void onError(Throwable error) {}

    @Override
    public void onComplete() {}
  }
}
