package dev.swarm.worker.engine.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Duration;
import dev.swarm.host.SystemClock;
import dev.swarm.v1.ProcessSpec;
import dev.swarm.worker.assignment.AssignmentSet;
import dev.swarm.worker.engine.Exit;
import dev.swarm.worker.engine.LogOptions;
import dev.swarm.worker.engine.Unit;
import docker.swarmkit.v1.LogMessage;
import docker.swarmkit.v1.Task;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
final class ProcessEngineTest {
  @TempDir Path directory;
  private ProcessEngine engine;

  @BeforeEach
  void open() throws Exception {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    boolean root = Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    engine =
        new ProcessEngine(
            new ProcessSettings(
                directory.resolve("tasks"),
                root
                    ? new TaskUsers.Shared("nobody", new TaskUser(65534, 65534))
                    : new TaskUsers.Own(),
                SystemPrograms.find(),
                "test",
                1 << 20),
            new SystemClock());
  }

  @AfterEach
  void clear() throws Exception {
    for (String id : get(engine.list())) {
      get(engine.remove(id));
    }
    engine.close();
  }

  @Test
  void runsToTheEndAndReportsItsExitCodeAndLog() throws Exception {
    Task task = task("a", ProcessSpec.newBuilder(), "sh", "-c", "echo out; echo err >&2; exit 7");
    Exit exit = run(task);
    assertEquals(7, exit.unit().container().getExitCode());
    assertEquals("task: non-zero exit (7)", exit.failure());
    List<LogMessage> log = log(task, -1);
    assertEquals(
        List.of("out\n", "err\n"), log.stream().map(m -> m.getData().toStringUtf8()).toList());
    assertEquals("err\n", log(task, 1).getFirst().getData().toStringUtf8());
  }

  @Test
  void wordsReachTheProgramUntouched() throws Exception {
    Task task =
        task(
            "b",
            ProcessSpec.newBuilder().addEnv("X=$(id) `id`"),
            "sh",
            "-c",
            "printf '%s|' \"$X\" \"$@\" \"$SWARM_TASK_ID\" \"$SWARM_TASK_NAME\" \"$SWARM_NODE_ID\"",
            "zero",
            "$HOME; exit 1",
            "a 'quoted' \"word\"");
    assertEquals("", run(task).failure());
    assertEquals(
        "$(id) `id`|$HOME; exit 1|a 'quoted' \"word\"|b|web.1.b|n1|\n",
        log(task, -1).getFirst().getData().toStringUtf8());
  }

  @Test
  void stopsWithItsSignal() throws Exception {
    Task task =
        task(
            "c",
            ProcessSpec.newBuilder().setStopSignal("SIGUSR1"),
            "sh",
            "-c",
            "trap 'exit 3' USR1; echo ready; while :; do sleep 0.05; done");
    get(engine.prepare(task, AssignmentSet.EMPTY));
    Unit unit = get(engine.start(task));
    CompletableFuture<LogMessage> ready = new CompletableFuture<>();
    engine.logs(
        task,
        new LogOptions(true, true, true, -1, Optional.empty()),
        new Collector(new ArrayList<>(), new CompletableFuture<>(), ready));
    ready.get(20, TimeUnit.SECONDS);
    assertTrue(ProcessHandle.of(unit.container().getPid()).isPresent());
    CompletionStage<Exit> end = engine.await(task);
    assertEquals(3, get(engine.stop(task)).container().getExitCode());
    assertEquals("task: non-zero exit (3)", get(end).failure());
  }

  @Test
  void isKilledWithItsChildrenWhenItDoesNotStop() throws Exception {
    Task task =
        task(
            "d",
            ProcessSpec.newBuilder().setStopGracePeriod(Duration.newBuilder().setNanos(50_000_000)),
            "sh",
            "-c",
            "trap '' TERM; sleep 1000 & echo $!; wait; sleep 1000");
    get(engine.prepare(task, AssignmentSet.EMPTY));
    get(engine.start(task));
    CompletableFuture<LogMessage> first = new CompletableFuture<>();
    engine.logs(
        task,
        new LogOptions(true, true, true, -1, Optional.empty()),
        new Collector(new ArrayList<>(), new CompletableFuture<>(), first));
    long grandchild =
        Long.parseLong(first.get(20, TimeUnit.SECONDS).getData().toStringUtf8().strip());
    assertEquals(137, get(engine.stop(task)).container().getExitCode());
    ProcessHandle.of(grandchild).ifPresent(p -> p.onExit().orTimeout(20, TimeUnit.SECONDS).join());
  }

  @Test
  void anotherEngineTakesItUp() throws Exception {
    Task task = task("e", ProcessSpec.newBuilder(), "sleep", "1000");
    get(engine.prepare(task, AssignmentSet.EMPTY));
    int pid = get(engine.start(task)).container().getPid();
    engine.close();
    open();
    assertEquals(List.of("e"), get(engine.list()));
    get(engine.prepare(task, AssignmentSet.EMPTY));
    assertEquals(pid, get(engine.start(task)).container().getPid());
    CompletionStage<Exit> end = engine.await(task);
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
    assertEquals("task: non-zero exit (143)", get(end).failure());
    get(engine.remove("e"));
    assertEquals(List.of(), get(engine.list()));
  }

  @Test
  void refusesWhatCannotRun() {
    assertRefused("no such program", ProcessSpec.newBuilder(), "/no/such/program");
    assertRefused("not found in PATH", ProcessSpec.newBuilder(), "no-such-program");
    assertRefused("needs a command", ProcessSpec.newBuilder());
    assertRefused("this node runs processes", ProcessSpec.newBuilder().setUser("root"), "true");
    assertRefused("not a signal", ProcessSpec.newBuilder().setStopSignal("TERM; id"), "true");
    assertRefused("not an environment variable", ProcessSpec.newBuilder().addEnv("X"), "true");
    assertRefused("not an environment variable", ProcessSpec.newBuilder().addEnv("a.b=c"), "true");
    assertRefused("must be an absolute path", ProcessSpec.newBuilder().setDir("../x"), "true");
  }

  @Test
  void anIdIsNeverAPath() throws Exception {
    Task task = task("../../escaped", ProcessSpec.newBuilder(), "true");
    ExecutionException refused =
        assertThrows(
            ExecutionException.class, () -> get(engine.prepare(task, AssignmentSet.EMPTY)));
    assertTrue(String.valueOf(refused.getMessage()).contains("not the id of a task"));
    get(engine.remove("../../escaped"));
    assertThrows(ExecutionException.class, () -> get(engine.stop(task)));
  }

  @Test
  void aProcessOfAnotherBirthIsNotOurs() {
    assertFalse(new LiveProcess(ProcessHandle.current().pid(), "boot 1").isAlive());
  }

  private void assertRefused(String why, ProcessSpec.Builder spec, String... command) {
    Task task = task("z", spec, command);
    ExecutionException refused =
        assertThrows(
            ExecutionException.class, () -> get(engine.prepare(task, AssignmentSet.EMPTY)));
    assertTrue(String.valueOf(refused.getMessage()).contains(why), refused.getMessage());
  }

  private Exit run(Task task) throws Exception {
    get(engine.prepare(task, AssignmentSet.EMPTY));
    get(engine.start(task));
    return get(engine.await(task));
  }

  private List<LogMessage> log(Task task, long tail) throws Exception {
    List<LogMessage> lines = new ArrayList<>();
    CompletableFuture<Void> done = new CompletableFuture<>();
    engine.logs(
        task,
        new LogOptions(true, true, false, tail, Optional.empty()),
        new Collector(lines, done, new CompletableFuture<>()));
    done.get(20, TimeUnit.SECONDS);
    return lines;
  }

  private static Task task(String id, ProcessSpec.Builder spec, String... command) {
    return Tasks.task(id, spec, command);
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private record Collector(
      List<LogMessage> lines, CompletableFuture<Void> done, CompletableFuture<LogMessage> first)
      implements Flow.Subscriber<LogMessage> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(1000);
    }

    @Override
    public void onNext(LogMessage message) {
      lines.add(message);
      first.complete(message);
    }

    @Override
    public void onError(Throwable error) {
      done.completeExceptionally(error);
    }

    @Override
    public void onComplete() {
      done.complete(null);
    }
  }
}
