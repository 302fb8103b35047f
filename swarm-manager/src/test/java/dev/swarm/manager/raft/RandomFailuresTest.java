package dev.swarm.manager.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.port.ReplicatedLog.NotLeaderException;
import dev.swarm.manager.raft.Managers.Manager;
import dev.swarm.manager.raft.RaftOptions.Start;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three managers that stop, are cut off, come back and hand over leadership at random moments,
 * while entries are proposed. The seed decides what happens, the scheduler when.
 */
class RandomFailuresTest {
  private static final long SEED = 20261123;
  private static final int ROUNDS = 60;
  private static final List<String> IDS = List.of("one", "two", "three");

  @TempDir Path directory = Path.of("");

  private final Random random = new Random(SEED);
  private final TreeMap<String, Manager> up = new TreeMap<>();
  private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
  private final Set<String> refused = ConcurrentHashMap.newKeySet();
  private final List<CompletableFuture<?>> proposals = new ArrayList<>();
  private int proposed;

  @Test
  void nothingAcknowledgedIsLostAndAllAgree() throws IOException {
    try (var managers =
        new Managers(
            directory,
            options ->
                options
                    .withSnapshots(40, 1 << 20, 1, 5)
                    .withTimeouts(Duration.ofSeconds(3), Duration.ofSeconds(30)))) {
      up.put("one", managers.found("one"));
      up.put("two", managers.join("two"));
      up.put("three", managers.join("three"));
      for (int round = 0; round < ROUNDS; round++) {
        propose();
        disturb(managers);
      }
      restart(managers);
      proposals.forEach(CompletableFuture::join);
      String last = proposeLast(managers);
      up.values().forEach(manager -> manager.diary().awaitEntry(last));
      check();
    }
  }

  private void propose() {
    Optional<Manager> leader =
        up.values().stream().filter(manager -> manager.log().leadership().self()).findFirst();
    for (int i = random.nextInt(60); leader.isPresent() && i > 0; i--) {
      String entry = "entry " + proposed++;
      proposals.add(
          leader
              .get()
              .log()
              .propose(Managers.bytes(entry))
              .handle((done, failure) -> note(entry, failure))
              .toCompletableFuture());
    }
  }

  private boolean note(String entry, @org.jspecify.annotations.Nullable Throwable failure) {
    return failure == null
        ? acknowledged.add(entry)
        : failure instanceof NotLeaderException && refused.add(entry);
  }

  private void disturb(Managers managers) throws IOException {
    String id = IDS.get(random.nextInt(IDS.size()));
    switch (random.nextInt(5)) {
      case 0 -> stop(managers, id);
      case 1 -> restart(managers);
      case 2 -> {
        for (Manager manager : up.values()) {
          var _ = manager.log().transferLeadership(random.nextBoolean() ? "" : id);
        }
      }
      case 3 -> {
        if (up.size() == IDS.size()) {
          managers.cutOff(id);
          propose();
          stop(managers, id);
        }
      }
      default -> managers.leader();
    }
  }

  private void stop(Managers managers, String id) {
    if (up.size() == IDS.size()) {
      managers.stop(id);
      up.remove(id);
    }
  }

  private void restart(Managers managers) throws IOException {
    for (String id : IDS) {
      if (!up.containsKey(id)) {
        up.put(id, managers.start(id, Start.RESTART));
      }
    }
  }

  /** Leadership may move once more between finding the leader and proposing to it. */
  private static String proposeLast(Managers managers) {
    for (int tries = 0; tries < 100; tries++) {
      String entry = "last " + tries;
      boolean done =
          managers
              .leader()
              .log()
              .propose(Managers.bytes(entry))
              .handle((ok, failure) -> failure == null)
              .toCompletableFuture()
              .join();
      if (done) {
        return entry;
      }
    }
    throw new AssertionError("nobody takes an entry");
  }

  private void check() {
    List<String> entries = up.firstEntry().getValue().diary().entries();
    up.values().forEach(manager -> assertEquals(entries, manager.diary().entries()));
    Set<String> committed = new HashSet<>(entries);
    assertEquals(entries.size(), committed.size(), "an entry was applied twice");
    assertTrue(committed.containsAll(acknowledged), "an acknowledged entry is missing");
    assertFalse(refused.stream().anyMatch(committed::contains), "a refused entry is there");
    assertFalse(acknowledged.isEmpty());
  }
}
