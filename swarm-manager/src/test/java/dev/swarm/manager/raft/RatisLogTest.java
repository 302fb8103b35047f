package dev.swarm.manager.raft;

import static dev.swarm.manager.raft.Managers.bytes;
import static dev.swarm.manager.raft.Managers.done;
import static dev.swarm.manager.raft.Managers.failure;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.port.ReplicatedLog;
import dev.swarm.core.port.ReplicatedLog.Leadership;
import dev.swarm.core.port.ReplicatedLog.NotLeaderException;
import dev.swarm.manager.raft.Managers.Manager;
import dev.swarm.manager.raft.RaftOptions.Start;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log with one voter. */
class RatisLogTest {
  @TempDir Path directory = Path.of("");
  private Managers managers = new Managers(directory, UnaryOperator.identity());

  @BeforeEach
  void open() {
    managers = new Managers(directory, UnaryOperator.identity());
  }

  @AfterEach
  void close() {
    managers.close();
  }

  @Test
  void acknowledgesAnEntryAfterTheMachineHasIt() throws IOException {
    Manager one = managers.found("one");
    for (int i = 0; i < 20; i++) {
      one.propose("entry " + i);
      assertEquals(i + 1, one.diary().entries().size());
    }
    assertEquals(numbered(0, 20), one.diary().entries());
    assertEquals(List.of(one.peer()), one.log().peers());
    assertEquals(1, one.diary().threads().size());
  }

  @Test
  void keepsTheOrderOfManyUnderWay() throws IOException {
    Manager one = managers.found("one");
    List<CompletionStage<Void>> underWay = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      underWay.add(one.log().propose(bytes("entry " + i)));
    }
    underWay.forEach(Managers::done);
    assertEquals(numbered(0, 500), one.diary().entries());
  }

  @Test
  void hasEverythingAfterARestart() throws IOException {
    Manager before = managers.found("one");
    for (int i = 0; i < 50; i++) {
      before.propose("entry " + i);
    }
    managers.stop("one");
    Manager after = managers.start("one", Start.RESTART);
    after.diary().awaitLeading();
    assertEquals(numbered(0, 50), after.diary().entries());
    after.propose("entry 50");
    assertEquals(numbered(0, 51), after.diary().entries());
  }

  @Test
  void leadsOnlyAfterEverythingBeforeWasApplied() throws IOException {
    Manager before = managers.found("one");
    before.propose("old");
    managers.stop("one");
    List<Integer> applied = new ArrayList<>();
    RatisLog log = managers.log("one", Start.RESTART);
    var diary = new Diary();
    log.start(
        new Told(
            diary,
            leadership -> {
              if (leadership.self()) {
                applied.add(diary.entries().size());
              }
            }));
    try {
      diary.awaitLeading();
      assertEquals(List.of(1), applied);
      assertEquals(new Leadership("one", log.leadership().term(), true), log.leadership());
    } finally {
      log.close();
    }
  }

  @Test
  void refusesWhatItCannotTake() throws IOException {
    RatisLog unstarted = managers.log("two", Start.JOIN);
    failure(unstarted.propose(bytes("too early")));
    unstarted.start(new Diary());
    assertInstanceOf(NotLeaderException.class, failure(unstarted.propose(bytes("no leader"))));
    assertFalse(unstarted.leadership().self());
    byte[] big = new byte[ReplicatedLog.ENTRY_BYTES_MAX + 1];
    assertInstanceOf(IllegalArgumentException.class, failure(unstarted.propose(big)));
    unstarted.close();
    failure(unstarted.propose(bytes("too late")));
  }

  @Test
  void takesTheLargestEntry() throws IOException {
    Manager one = managers.found("one");
    byte[] largest = new byte[ReplicatedLog.ENTRY_BYTES_MAX];
    java.util.Arrays.fill(largest, (byte) 'x');
    for (int i = 0; i < 5; i++) {
      done(one.log().propose(largest));
    }
    managers.stop("one");
    Manager after = managers.start("one", Start.RESTART);
    after.diary().awaitLeading();
    assertEquals(5, after.diary().entries().size());
    assertEquals(largest.length, after.diary().entries().getLast().length());
  }

  @Test
  void startsOnlyFromWhatIsThere() throws IOException {
    assertThrows(IOException.class, () -> managers.start("one", Start.RESTART));
    assertFalse(RatisLog.exists(managers.home("one"), Managers.CLUSTER));
    managers.found("one").propose("entry");
    assertThrows(IOException.class, () -> managers.start("one", Start.RESTART), "in use");
    managers.stop("one");
    assertTrue(RatisLog.exists(managers.home("one"), Managers.CLUSTER));
    assertThrows(IOException.class, () -> managers.start("one", Start.NEW_CLUSTER));
  }

  @Test
  void leavesNoThreads() throws IOException {
    Set<Thread> before = new HashSet<>(Thread.getAllStackTraces().keySet());
    Manager one = managers.found("one");
    one.propose("entry");
    managers.stop("one");
    List<String> left =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> !before.contains(thread) && thread.isAlive())
            .map(Thread::getName)
            // The library's, for the whole JVM; ends by itself after an idle minute.
            .filter(name -> !name.startsWith("TimeoutScheduler"))
            .filter(name -> !name.startsWith("grpc-"))
            .toList();
    assertEquals(List.of(), left);
  }

  @Test
  void severalLogsShareAJvm() throws IOException {
    try (var others = new Managers(directory.resolve("others"), UnaryOperator.identity())) {
      Manager one = managers.found("one");
      Manager another = others.found("one");
      one.propose("mine");
      another.propose("theirs");
      assertEquals(List.of("mine"), one.diary().entries());
      assertEquals(List.of("theirs"), another.diary().entries());
    }
  }

  static List<String> numbered(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "entry " + i).toList();
  }
}
