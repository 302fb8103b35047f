package dev.swarm.manager.raft;

import static dev.swarm.manager.raft.Managers.bytes;
import static dev.swarm.manager.raft.Managers.done;
import static dev.swarm.manager.raft.Managers.failure;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.port.ReplicatedLog.NotLeaderException;
import dev.swarm.manager.raft.Managers.Manager;
import dev.swarm.manager.raft.RaftOptions.Start;
import dev.swarm.manager.raft.storage.DataKeys;
import dev.swarm.manager.raft.storage.Sealer;
import dev.swarm.manager.raft.storage.UnsealException;
import io.grpc.inprocess.InProcessChannelBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is on the disk: nothing readable, nothing that can be changed unnoticed. */
class SealedOnDiskTest {
  private static final String SECRET = "correct horse battery staple";

  @TempDir Path directory = Path.of("");

  @Test
  void nothingOnTheDiskIsReadable() throws IOException {
    try (var managers = new Managers(directory, o -> o.withSnapshots(10, 1 << 30, 2, 100))) {
      Manager one = managers.found("one");
      for (int i = 0; i < 25; i++) {
        one.propose(SECRET + i);
      }
      managers.stop("one");
      int looked = 0;
      for (Path file : files()) {
        String content = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertFalse(content.contains("horse"), file.toString());
        looked += content.length() > 100 ? 1 : 0;
      }
      assertTrue(looked >= 2, "a log and a snapshot");
      assertEquals(
          "rwx------",
          PosixFilePermissions.toString(Files.getPosixFilePermissions(managers.home("one"))));
    }
  }

  @Test
  void aChangedSnapshotIsNamed() throws IOException {
    try (var managers = new Managers(directory, o -> o.withSnapshots(10, 1 << 30, 1, 0))) {
      Manager one = managers.found("one");
      for (int i = 0; i < 15; i++) {
        one.propose("entry " + i);
      }
      managers.stop("one");
      Path snapshot = file("snapshot-");
      flip(snapshot, (int) Files.size(snapshot) / 2);
      var failure = assertThrows(UnsealException.class, () -> managers.start("one", Start.RESTART));
      assertTrue(failure.toString().contains(snapshot.toString()), failure.toString());
    }
  }

  @Test
  void aChangedEntryIsNamed() throws IOException {
    try (var managers = new Managers(directory, o -> o)) {
      Manager one = managers.found("one");
      for (int i = 0; i < 15; i++) {
        one.propose("entry " + i);
      }
      managers.stop("one");
      Path segment = file("log_inprogress_");
      flip(segment, 700);
      var failure = assertThrows(IOException.class, () -> managers.start("one", Start.RESTART));
      assertTrue(
          failure.toString().contains(segment + " is damaged after entry"), failure::toString);
    }
  }

  @Test
  void entriesOfAnUnknownKeyStopTheLog() throws IOException {
    try (var managers = new Managers(directory, o -> o)) {
      managers.found("one").propose("entry");
      managers.stop("one");
      var random = new SecureRandom();
      RaftOptions options =
          RaftOptions.of(
              managers.home("one"), Managers.CLUSTER, managers.peer("one"), Start.RESTART);
      try (var log =
          new RatisLog(
              options,
              new Sealer(DataKeys.create(random), random),
              peer -> InProcessChannelBuilder.forName(peer.address()).build())) {
        var diary = new Diary();
        log.start(diary);
        var ended =
            assertThrows(
                ExecutionException.class,
                () -> log.ended().toCompletableFuture().get(60, TimeUnit.SECONDS));
        var cause = assertInstanceOf(UnsealException.class, ended.getCause());
        assertTrue(cause.toString().contains("log entry 1"), cause.toString());
        assertEquals(List.of(), diary.entries());
        assertFalse(diary.leads());
        assertFalse(log.leadership().self());
        failure(log.propose(bytes("more")));
      }
    }
  }

  @Test
  void aDiskThatFailsStopsTheLog() throws IOException, TimeoutException, InterruptedException {
    try (var managers = new Managers(directory, o -> o)) {
      Manager one = managers.found("one");
      one.propose("entry");
      Path current = file("log_inprogress_").resolveSibling(".").normalize();
      assertTrue(current.toFile().renameTo(current.resolveSibling("elsewhere").toFile()));
      // The open segment still takes entries; the next one cannot be made.
      byte[] big = new byte[2_000_000];
      Throwable failure = null;
      for (int i = 0; i < 10 && failure == null; i++) {
        try {
          one.log().propose(big).toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
          failure = e.getCause();
        }
      }
      assertInstanceOf(IOException.class, failure);
      assertFalse(failure instanceof NotLeaderException);
      assertThrows(
          ExecutionException.class,
          () -> one.log().ended().toCompletableFuture().get(60, TimeUnit.SECONDS));
      one.diary().await("loss of leadership", diary -> !diary.leads());
      assertFalse(one.log().leadership().self());
      assertFalse(failure(one.log().propose(bytes("more"))) instanceof NotLeaderException);
      assertTrue(current.resolveSibling("elsewhere").toFile().renameTo(current.toFile()));
    }
  }

  @Test
  void keysCanBeChangedWhileItRuns() throws IOException {
    var random = new SecureRandom();
    DataKeys first = DataKeys.create(random);
    DataKeys second = first.rotated(random);
    var sealer = new Sealer(first, random);
    Path home = directory.resolve("rotating");
    var self = new dev.swarm.core.port.ReplicatedLog.Peer("one", "rotating:2377");
    try (var log =
        new RatisLog(
            RaftOptions.of(home, Managers.CLUSTER, self, Start.NEW_CLUSTER),
            sealer,
            peer -> InProcessChannelBuilder.forName(peer.address()).build())) {
      var diary = new Diary();
      log.start(diary);
      diary.awaitLeading();
      done(log.propose(bytes("old key")));
      sealer.use(second);
      done(log.propose(bytes("new key")));
    }
    try (var log =
        new RatisLog(
            RaftOptions.of(home, Managers.CLUSTER, self, Start.RESTART),
            new Sealer(second, random),
            peer -> InProcessChannelBuilder.forName(peer.address()).build())) {
      var diary = new Diary();
      log.start(diary);
      diary.awaitLeading();
      assertEquals(List.of("old key", "new key"), diary.entries());
    }
  }

  private Path file(String prefix) throws IOException {
    return files().stream()
        .filter(file -> file.getFileName().toString().startsWith(prefix))
        .findFirst()
        .orElseThrow();
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  private static void flip(Path file, int at) throws IOException {
    byte[] content = Files.readAllBytes(file);
    content[at] ^= 1;
    Files.write(file, content);
  }
}
