package dev.swarm.worker.engine.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.host.SystemClock;
import dev.swarm.v1.ProcessSpec;
import dev.swarm.worker.assignment.AssignmentSet;
import docker.swarmkit.v1.Task;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What whoever may create a service, or runs in a task, tries to get of root and of others. */
@NeedsRoot
final class ProcessRightsTest {
  private static final int FIRST = 1_900_000_000;

  @TempDir Path directory;
  private Path open;
  private ProcessEngine engine;
  private Tasks tasks;

  @BeforeEach
  void open() throws Exception {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    open = directory.resolve("open");
    if (!Files.exists(open)) {
      Files.createDirectory(open);
      Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    }
    engine =
        new ProcessEngine(
            new ProcessSettings(
                directory.resolve("tasks"),
                new TaskUsers.Range(FIRST, FIRST + 9),
                SystemPrograms.find(),
                "test",
                1 << 20),
            new SystemClock());
    tasks = new Tasks(engine);
  }

  @AfterEach
  void clear() throws Exception {
    tasks.removeAll();
    engine.close();
  }

  /** The loader of each program that is started writes where the environment tells it to. */
  @Test
  void noProgramThatIsRootSeesTheServicesEnvironment() throws Exception {
    Task task =
        Tasks.task(
            "a",
            ProcessSpec.newBuilder()
                .addEnv("LD_DEBUG=libs")
                .addEnv("LD_DEBUG_OUTPUT=" + open.resolve("trace")),
            "sh",
            "-c",
            "true");
    assertEquals("", tasks.run(task).failure());
    try (Stream<Path> traces = Files.list(open)) {
      for (Path trace : traces.toList()) {
        assertEquals(FIRST, Files.getAttribute(trace, "unix:uid"), trace + " was not the task's");
      }
    }
  }

  @Test
  void noProgramThatIsRootIsFoundWhereTheServiceSays() throws Exception {
    for (String name :
        List.of("mv", "setpriv", "setsid", "sh", "dd", "rm", "mkfifo", "sleep", "env")) {
      Path program = open.resolve(name);
      Files.writeString(program, "#!/bin/sh\n: >>'" + open + "'/" + name + ".$(/usr/bin/id -u)\n");
      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    Task task =
        Tasks.task("a", ProcessSpec.newBuilder().addEnv("PATH=" + open), "/bin/sh", "-c", "mv");
    assertEquals("", tasks.run(task).failure());
    assertFalse(Files.exists(open.resolve("mv.0")), "root ran a program of the service's choice");
    assertTrue(Files.exists(open.resolve("mv." + FIRST)), "the task itself has its own PATH");
  }

  @Test
  void aTaskWhoseUserIsLostDoesNotRunAsRoot() throws Exception {
    for (String left : List.of("", "nobody", "0 0")) {
      Task task = Tasks.shell("a", "id -u");
      Tasks.get(engine.prepare(task, AssignmentSet.EMPTY));
      Files.writeString(directory.resolve("tasks/a/user"), left);
      ExecutionException refused =
          assertThrows(ExecutionException.class, () -> Tasks.get(engine.start(task)));
      String said = String.valueOf(refused.getMessage());
      assertTrue(said.contains("the directory of this task on this node is lost"), said);
      Tasks.get(engine.remove("a"));
    }
    assertEquals(List.of(), Tasks.get(engine.list()));
  }

  @Test
  void aTaskHasNothingButItsOwnUser() throws Exception {
    Task task =
        Tasks.shell(
            "a", "id -u; id -G; umask; pwd; grep -E 'CapEff|CapPrm|NoNewPrivs' /proc/self/status");
    tasks.run(task);
    assertEquals(
        List.of(
            "" + FIRST,
            "" + FIRST,
            "0022",
            directory.resolve("tasks/a/work").toRealPath().toString(),
            "CapPrm:\t0000000000000000",
            "CapEff:\t0000000000000000",
            "NoNewPrivs:\t1"),
        tasks.printed(task));
  }

  /** A directory of the service's choice is entered with the task's rights. */
  @Test
  void aTaskBeginsNowhereThatItMayNotGo() throws Exception {
    Path closed = Files.createDirectory(directory.resolve("closed"));
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
    Task task = Tasks.task("a", ProcessSpec.newBuilder().setDir(closed.toString()), "pwd");
    assertRefused(task, "cannot enter the directory " + closed + " on this node as user " + FIRST);
  }

  /** Root could run it, so only whoever it is to run as can tell. */
  @Test
  void aProgramThatTheTaskMayNotRunIsNamed() throws Exception {
    Path program = Files.copy(Path.of("/bin/true"), directory.resolve("program"));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    Task task = Tasks.task("a", ProcessSpec.newBuilder(), program.toString());
    assertRefused(task, "cannot run " + program + " on this node as user " + FIRST);
  }

  private void assertRefused(Task task, String words) {
    String said =
        String.valueOf(assertThrows(ExecutionException.class, () -> tasks.run(task)).getMessage());
    assertTrue(said.contains(words), said);
  }

  /** As a daemon does that a script started in the background; no shell can take that back. */
  @Test
  void signalsThatTheDaemonIgnoresEndATaskAllTheSame() throws Exception {
    TaskDirectory task = new TaskDirectory(directory.resolve("task"));
    task.create(Optional.of(new TaskUser(FIRST, FIRST)), Optional.empty());
    List<String> line = new ArrayList<>(List.of("/bin/sh", "-c", "trap '' INT QUIT; exec \"$@\""));
    line.add("daemon");
    line.addAll(new Supervisor(SystemPrograms.find()).commandLine(task, TaskGroups.NONE));
    Process supervisor = Supervisor.bare(line).redirectInput(Redirect.PIPE).start();
    try (OutputStream input = supervisor.getOutputStream()) {
      String script =
          LaunchScript.of(
              Path.of("/usr/bin/env"),
              List.of("/bin/sh", "-c", "kill -INT $$; exec sleep 1000"),
              task.work().toString(),
              List.of());
      input.write(script.getBytes(StandardCharsets.UTF_8));
    }
    supervisor.waitFor();
    assertEquals(Optional.of(128 + 2), task.exitCode());
  }

  @Test
  void aTaskReadsNothingOfAnother() throws Exception {
    Task victim =
        Tasks.task(
            "victim",
            ProcessSpec.newBuilder().addEnv("SECRET=of the victim"),
            "sh",
            "-c",
            "echo secret >file; chmod 0777 . file; echo ready; exec sleep 1000");
    long pid = tasks.start(victim);
    assertEquals("ready", tasks.follow(victim).line());
    Path its = directory.resolve("tasks/victim");
    Task other =
        Tasks.shell(
            "other",
            "for f in /proc/%d/environ %s/log %s/out.0 %s/work/file; do cat $f && echo read; done;"
                    .formatted(pid, its, its, its)
                + " ls %s; kill -9 %d; echo done".formatted(its, pid));
    tasks.run(other);
    List<String> printed = tasks.printed(other);
    assertFalse(printed.contains("read"), printed.toString());
    assertTrue(printed.contains("done"), printed.toString());
    assertTrue(ProcessHandle.of(pid).isPresent());
    assertNotEquals(uid("victim"), uid("other"));
    assertEquals("rwx--x---", mode(its));
    assertEquals("rw-------", mode(its.resolve("log")));
    assertEquals("rw-------", mode(its.resolve("out.0")));
  }

  @Test
  void theSameUserAfterTheDaemonCameBackAndAnotherForTheNextTask() throws Exception {
    Task first = Tasks.shell("first", "while :; do echo $(id -u); sleep 0.05; done");
    tasks.start(first);
    assertEquals("" + FIRST, tasks.follow(first).line());
    engine.close();
    open();
    assertEquals(FIRST, uid("first"));
    tasks.start(first);
    Tasks.Reader again = tasks.follow(first);
    for (int line = 0; line < 20; line++) {
      assertEquals("" + FIRST, again.line());
    }
    Task second = Tasks.shell("second", "id -u");
    tasks.run(second);
    assertEquals(List.of("" + (FIRST + 1)), tasks.printed(second));
    Tasks.get(engine.remove("first"));
    Task third = Tasks.shell("third", "id -u");
    tasks.run(third);
    assertEquals(List.of("" + (FIRST + 2)), tasks.printed(third));
  }

  /** Root's clean-up of what the task wrote: a link leads it nowhere. */
  @Test
  void whatATaskLinksToStays() throws Exception {
    Path precious = Files.createDirectory(directory.resolve("precious"));
    Files.writeString(precious.resolve("file"), "precious");
    Task task = Tasks.shell("a", "ln -s '" + precious + "' link; ln -s . self; mkdir -p d/e/f");
    tasks.run(task);
    Tasks.get(engine.remove("a"));
    assertFalse(Files.exists(directory.resolve("tasks/a")));
    assertEquals("precious", Files.readString(precious.resolve("file")));
  }

  private int uid(String task) {
    return new TaskDirectory(directory.resolve("tasks").resolve(task)).user().orElseThrow().uid();
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void nothingOfTheServiceIsOnACommandLine() throws Exception {
    TaskDirectory task = new TaskDirectory(directory.resolve("task"));
    String line =
        String.join(" ", new Supervisor(SystemPrograms.find()).commandLine(task, TaskGroups.NONE));
    assertTrue(
        line.startsWith("/usr/bin/env --default-signal /usr/bin/setsid /usr/bin/sh -c umask 077;"),
        line);
    Map<String, String> none = Map.of();
    assertEquals(none, Supervisor.bare(List.of("true")).environment());
  }
}
