package dev.swarm.manager.raft;

import static dev.swarm.manager.raft.Managers.bytes;
import static dev.swarm.manager.raft.Managers.done;
import static dev.swarm.manager.raft.Managers.failure;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.port.ReplicatedLog.Leadership;
import dev.swarm.core.port.ReplicatedLog.Peer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The log in memory. */
class MemoryLogTest {
  private static final Peer SELF = new Peer("one", "one:2377");

  private final Diary diary = new Diary();

  @Test
  @SuppressWarnings("try") // it is closed twice
  void commitsAtOnceOnTheCallersThread() {
    try (var log = new MemoryLog(SELF, Runnable::run)) {
      failure(log.propose(bytes("too early")));
      log.start(diary);
      assertEquals(List.of(new Leadership("one", 1, true)), diary.leaderships());
      done(log.propose(bytes("a")));
      done(log.propose(bytes("b")));
      assertEquals(List.of("a", "b"), diary.entries());
      assertEquals(List.of(SELF), log.peers());
      log.close();
      failure(log.propose(bytes("too late")));
      assertFalse(log.leadership().self());
    }
  }

  @Test
  void commitsWhenItsExecutorDoes() {
    Queue<Runnable> tasks = new ArrayDeque<>();
    try (var log = new MemoryLog(SELF, tasks::add)) {
      log.start(diary);
      CompletableFuture<Void> stage = log.propose(bytes("a")).toCompletableFuture();
      assertFalse(stage.isDone());
      while (!tasks.isEmpty()) {
        tasks.remove().run();
      }
      assertTrue(stage.isDone());
      assertEquals(List.of("a"), diary.entries());
    }
  }

  @Test
  void hasOneVoter() {
    try (var log = new MemoryLog(SELF, Runnable::run)) {
      log.start(diary);
      failure(log.addPeer(new Peer("two", "two:2377")));
      failure(log.removePeer("one"));
      failure(log.transferLeadership(""));
    }
  }
}
