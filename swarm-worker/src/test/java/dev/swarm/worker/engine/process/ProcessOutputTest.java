package dev.swarm.worker.engine.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.host.SystemClock;
import docker.swarmkit.v1.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** However much a process prints, and whoever is there to take it. */
@EnabledOnOs(OS.LINUX)
final class ProcessOutputTest {
  private static final long LOG_BYTES_MAX = 4 << 20;
  private static final long ALL_BYTES_MAX = LOG_BYTES_MAX + 4 * Supervisor.SEGMENT_BYTES_MAX;

  @TempDir Path directory;
  private ProcessEngine engine;
  private Tasks tasks;

  @BeforeEach
  void open() throws Exception {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    engine =
        new ProcessEngine(
            new ProcessSettings(
                directory.resolve("tasks"),
                ProcessHost.isRoot()
                    ? new TaskUsers.Shared("nobody", new TaskUser(65534, 65534))
                    : new TaskUsers.Own(),
                SystemPrograms.find(),
                "test",
                LOG_BYTES_MAX),
            new SystemClock());
    tasks = new Tasks(engine);
  }

  @AfterEach
  void clear() throws Exception {
    tasks.removeAll();
    engine.close();
  }

  @Test
  void isBoundedWhileTheDaemonTakesIt() throws Exception {
    try (WatchService watch = directory.getFileSystem().newWatchService()) {
      Task task = Tasks.shell("a", "exec yes");
      long pid = tasks.start(task);
      awaitFile(watch, "out.8");
      assertTrue(size() <= ALL_BYTES_MAX, size() + " bytes");
      assertTrue(ProcessHandle.of(pid).isPresent());
      Tasks.get(engine.remove("a"));
      assertFalse(Files.exists(directory.resolve("tasks/a")));
    }
  }

  @Test
  void isBoundedWhileNobodyTakesItAndTheTaskGoesOn() throws Exception {
    try (WatchService watch = directory.getFileSystem().newWatchService()) {
      Task task =
          Tasks.shell(
              "a",
              "while [ ! -e stop ]; do head -c 8192 /dev/zero | tr '\\0' x; echo; done;"
                  + " echo last; exec sleep 1000");
      long pid = tasks.start(task);
      awaitFile(watch, "out.1");
      engine.close();
      awaitFile(watch, "out." + (lastSegment() + 3));
      assertTrue(size() <= ALL_BYTES_MAX, size() + " bytes");
      Files.createFile(directory.resolve("tasks/a/work/stop"));
      open();
      assertEquals(pid, tasks.start(task));
      Tasks.Reader reader = tasks.follow(task);
      while (!reader.line().equals("last")) {
        // All that was kept comes before it.
      }
      assertTrue(
          tasks.printed(task).stream().anyMatch(line -> line.startsWith("(some output is lost")));
    }
  }

  /** Back-pressure, not loss: the daemon is there. */
  @Test
  void nothingIsLostWhileTheDaemonTakesIt() throws Exception {
    Task task =
        Tasks.shell(
            "a",
            "i=0; while [ $i -lt 40 ]; do i=$((i+1));"
                + " head -c 100000 /dev/zero | tr '\\0' x; echo; done; echo last");
    assertEquals("", tasks.run(task).failure());
    assertEquals(40 * (100000 / ProcessLog.LINE_BYTES_MAX + 1) + 1, tasks.printed(task).size());
  }

  private long size() throws IOException {
    long size = 0;
    try (Stream<Path> files = Files.list(directory.resolve("tasks/a"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        size += Files.exists(file) ? Files.size(file) : 0;
      }
    }
    return size;
  }

  private long lastSegment() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("tasks/a"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("out."))
          .mapToLong(name -> Long.parseLong(name.substring(4)))
          .max()
          .orElse(0);
    }
  }

  private void awaitFile(WatchService watch, String name) throws Exception {
    Path task = directory.resolve("tasks/a");
    task.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
    while (!Files.exists(task.resolve(name))) {
      WatchKey key = watch.poll(60, TimeUnit.SECONDS);
      assertTrue(key != null, "no " + name + " appeared");
      boolean made =
          key.pollEvents().stream().anyMatch(event -> Path.of(name).equals(event.context()));
      key.reset();
      if (made) {
        return;
      }
    }
  }
}
