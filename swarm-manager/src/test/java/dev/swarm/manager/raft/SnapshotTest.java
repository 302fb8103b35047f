package dev.swarm.manager.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.port.StateMachine.SnapshotRule;
import dev.swarm.manager.raft.Managers.Manager;
import dev.swarm.manager.raft.RaftOptions.Start;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots are taken, take the place of entries, and are what a replica restarts from. */
class SnapshotTest {
  @TempDir Path directory = Path.of("");

  @Test
  void afterEnoughEntries() throws IOException {
    try (var managers = new Managers(directory, o -> o.withSnapshots(10, 1 << 30, 2, 0))) {
      Manager one = managers.found("one");
      for (int i = 0; i < 105; i++) {
        one.propose("entry " + i);
      }
      eventually("a snapshot", () -> snapshots(managers).size() > 0);
      managers.stop("one");
      assertTrue(snapshots(managers).size() <= 2, snapshots(managers).toString());
      Manager again = managers.start("one", Start.RESTART);
      again.diary().awaitLeading();
      assertEquals(1, again.diary().restores());
      assertEquals(RatisLogTest.numbered(0, 105), again.diary().entries());
    }
  }

  @Test
  void asTheStateItselfSays() throws IOException {
    try (var managers = new Managers(directory, o -> o.withSnapshots(1 << 30, 1 << 30, 1, 0))) {
      Manager one = managers.found("one");
      one.diary().setRule(new SnapshotRule(5, 2));
      List<String> proposed = new ArrayList<>();
      eventually(
          "three snapshots",
          () -> {
            proposed.add("entry " + proposed.size());
            one.propose(proposed.getLast());
            return snapshots(managers).size() == 3;
          });
      one.diary().setRule(new SnapshotRule(5, 0));
      eventually(
          "one snapshot",
          () -> {
            proposed.add("entry " + proposed.size());
            one.propose(proposed.getLast());
            return snapshots(managers).size() == 1;
          });
      managers.stop("one");
      Manager again = managers.start("one", Start.RESTART);
      again.diary().awaitLeading();
      assertEquals(proposed, again.diary().entries());
    }
  }

  @Test
  void afterEnoughBytesAndTheLogStaysSmall() throws IOException {
    try (var managers = new Managers(directory, o -> o.withSnapshots(1 << 30, 1 << 20, 1, 0))) {
      Manager one = managers.found("one");
      List<String> proposed = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        proposed.add(i + "x".repeat(500_000));
        one.propose(proposed.getLast());
      }
      eventually("a small log", () -> logBytes(managers) < 12 << 20);
      managers.stop("one");
      Manager again = managers.start("one", Start.RESTART);
      again.diary().awaitLeading();
      assertEquals(1, again.diary().restores());
      assertEquals(proposed, again.diary().entries());
    }
  }

  @Test
  void whatACrashLeftHalfWrittenIsDropped() throws IOException {
    try (var managers = new Managers(directory, o -> o.withSnapshots(10, 1 << 30, 1, 0))) {
      Path half = managers.home("one").resolve("snapshots");
      Files.createDirectories(half);
      Files.writeString(half.resolve("snapshot-1-2.written.tmp"), "half");
      managers.found("one").propose("entry");
      assertEquals(List.of(), list(half));
    }
  }

  private static List<Path> snapshots(Managers managers) {
    return list(managers.home("one").resolve("snapshots"));
  }

  private static long logBytes(Managers managers) {
    try (Stream<Path> files = Files.walk(managers.home("one").resolve("raft"))) {
      long sum = 0;
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        sum += file.toFile().length();
      }
      return sum;
    } catch (IOException | java.io.UncheckedIOException e) {
      return Long.MAX_VALUE; // A file went away while it was looked at.
    }
  }

  private static List<Path> list(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void eventually(String what, BooleanSupplier condition) {
    Object nobody = new Object();
    for (int tries = 0; tries < 600; tries++) {
      if (condition.getAsBoolean()) {
        return;
      }
      Managers.waitALittle(nobody);
    }
    throw new AssertionError("no " + what);
  }
}
