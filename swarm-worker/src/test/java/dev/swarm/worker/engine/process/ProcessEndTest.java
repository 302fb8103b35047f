package dev.swarm.worker.engine.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.swarm.host.SystemClock;
import docker.swarmkit.v1.Task;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a task starts ends with it, whatever sessions it makes. */
@NeedsRoot
final class ProcessEndTest {
  private static final TaskUsers RANGE = new TaskUsers.Range(1_900_000_100, 1_900_000_109);
  private static final TaskUsers SHARED =
      new TaskUsers.Shared("nobody", new TaskUser(65534, 65534));

  @TempDir Path directory;
  private final List<ProcessEngine> engines = new ArrayList<>();

  /** How a node can find what belongs to a task. */
  enum Means {
    VERSION_2,
    VERSION_1,
    USER;

    TaskUsers users() {
      return this == USER ? RANGE : SHARED;
    }

    List<Path> hierarchies() throws Exception {
      List<Path> found = new ArrayList<>();
      for (Path hierarchy : this == USER ? List.<Path>of() : CgroupMounts.hierarchies(true)) {
        FileStore store = Files.getFileStore(hierarchy);
        if (store.type().equals(this == VERSION_2 ? "cgroup2" : "cgroup")
            && Files.isWritable(hierarchy)) {
          found.add(hierarchy);
        }
      }
      return found;
    }
  }

  private Tasks open(Means means) throws Exception {
    List<Path> hierarchies = means.hierarchies();
    assumeFalse(
        hierarchies.isEmpty() && means != Means.USER, "no control groups of " + means + " here");
    return open(means.users(), hierarchies);
  }

  private Tasks open(TaskUsers users, List<Path> hierarchies) throws Exception {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    ProcessEngine engine =
        new ProcessEngine(
            new ProcessSettings(
                directory.resolve("tasks"), users, SystemPrograms.find(), "test", 1 << 20),
            new SystemClock(),
            hierarchies);
    engines.add(engine);
    return new Tasks(engine);
  }

  @AfterEach
  void clear() throws Exception {
    for (ProcessEngine engine : engines) {
      new Tasks(engine).removeAll();
      engine.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatMadeASessionOfItsOwnEndsWithTheTask(Means means) throws Exception {
    Tasks tasks = open(means);
    Task task = Tasks.shell("a", "setsid sleep 1000 </dev/null >/dev/null 2>&1 & echo $!");
    assertEquals("", tasks.run(task).failure());
    assertGone(Long.parseLong(tasks.printed(task).getFirst()));
  }

  @ParameterizedTest
  @EnumSource
  void whatHoldsTheStreamsOpenDoesNotKeepTheTask(Means means) throws Exception {
    Tasks tasks = open(means);
    Task task = Tasks.shell("a", "setsid sleep 1000 & echo $!");
    assertEquals("", tasks.run(task).failure());
    assertGone(Long.parseLong(tasks.printed(task).getFirst()));
  }

  @ParameterizedTest
  @EnumSource
  void allOfItEndsWhenItIsRemoved(Means means) throws Exception {
    Tasks tasks = open(means);
    Task task =
        Tasks.shell(
            "a",
            "trap '' TERM; for i in 1 2 3; do setsid sh -c 'trap \"\" TERM; echo $$;"
                + " while :; do sleep 1; done' & done; wait; sleep 1000");
    tasks.start(task);
    Tasks.Reader reader = tasks.follow(task);
    List<Long> escaped =
        List.of(
            Long.parseLong(reader.line()),
            Long.parseLong(reader.line()),
            Long.parseLong(reader.line()));
    tasks.removeAll();
    for (long pid : escaped) {
      assertGone(pid);
    }
    assertFalse(Files.exists(directory.resolve("tasks/a")));
    for (Path hierarchy : means.hierarchies()) {
      try (Stream<Path> groups = Files.list(hierarchy)) {
        assertFalse(
            groups.anyMatch(group -> group.endsWith(ProcessHost.name(directory.resolve("tasks")))));
      }
    }
  }

  /** As a task can, where the daemon was given a part of the groups and shares its user with it. */
  @ParameterizedTest
  @EnumSource(names = {"VERSION_2", "VERSION_1"})
  void whatIsInAGroupBelowEndsToo(Means means) throws Exception {
    Tasks tasks = open(means);
    Task task = Tasks.shell("a", "setsid sleep 1000 </dev/null >/dev/null 2>&1 & echo $!; wait");
    tasks.start(task);
    long escaped = Long.parseLong(tasks.follow(task).line());
    Path group = new TaskDirectory(directory.resolve("tasks/a")).group().orElseThrow();
    Path below = Files.createDirectories(group.resolve("below/further"));
    Files.writeString(TaskGroups.members(below), Long.toString(escaped));
    tasks.removeAll();
    assertGone(escaped);
    assertFalse(Files.exists(group));
  }

  /** The task ends as it should, though what it left cannot be found where it shares its user. */
  @ParameterizedTest
  @EnumSource(names = "USER")
  void withoutAnyMeansTheTaskStillEnds(Means none) throws Exception {
    Tasks tasks = open(SHARED, List.of());
    Task task = Tasks.shell("a", "setsid sh -c 'echo $$; exec sleep 1000' & sleep 0.5");
    assertEquals("", tasks.run(task).failure());
    long escaped = Long.parseLong(tasks.printed(task).getFirst());
    ProcessHandle.of(escaped).ifPresent(ProcessHandle::destroyForcibly);
    assertTrue(Files.exists(directory.resolve("tasks/a/exit")));
  }

  private static void assertGone(long pid) throws Exception {
    if (ProcessHandle.of(pid).isPresent()) {
      ProcessHandle.of(pid).get().onExit().get(20, TimeUnit.SECONDS);
    }
  }
}
