package dev.swarm.cli.node.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.cli.node.daemon.NodesInOneProcess.One;
import dev.swarm.cli.node.engineapi.http.ApiRejection;
import dev.swarm.cli.node.engineapi.routes.LocalNode;
import dev.swarm.cli.node.identity.JoinException;
import dev.swarm.cli.node.identity.JoinException.Kind;
import docker.swarmkit.v1.NodeRole;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JoinAttemptTest {
  private static final int TRIES = 10;

  private final List<Duration> pauses = new ArrayList<>();
  @TempDir Path disk;

  private JoinAttempt failing(Kind kind) {
    return new JoinAttempt(
        () -> {
          throw new JoinException(kind, "because");
        },
        granted -> {},
        pause -> {
          pauses.add(pause);
          if (pauses.size() == TRIES) {
            throw new InterruptedException();
          }
        });
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void whatMayPassIsTriedAgainWithGrowingPausesAndNothingElse(Kind kind) {
    JoinAttempt attempt = failing(kind);
    attempt.start(Runnable::run);
    assertTrue(attempt.isRefused());
    ApiRejection end = assertThrows(ApiRejection.class, () -> attempt.await(Duration.ofSeconds(1)));
    switch (kind) {
      case UNREACHABLE, TIMEOUT -> {
        assertEquals(
            List.of(500L, 1000L, 2000L, 4000L, 8000L, 10_000L, 10_000L, 10_000L, 10_000L, 10_000L),
            pauses.stream().map(Duration::toMillis).toList());
        assertEquals(503, end.status());
      }
      case ADDRESS, FINGERPRINT, TOKEN, REFUSED -> {
        assertEquals(List.of(), pauses);
        assertEquals("because", end.sentence());
      }
    }
  }

  @Test
  void whatIsGivenUpEndsWhateverItIsAt() throws Exception {
    CountDownLatch waiting = new CountDownLatch(1);
    JoinAttempt attempt =
        new JoinAttempt(
            () -> {
              throw new JoinException(Kind.UNREACHABLE, "nobody there");
            },
            granted -> {},
            pause -> {
              waiting.countDown();
              new CountDownLatch(1).await();
            });
    attempt.start(task -> Thread.ofVirtual().start(task));
    waiting.await();
    assertEquals("nobody there", attempt.lastError());
    assertFalse(attempt.await(Duration.ZERO));
    attempt.giveUp();
    assertTrue(attempt.isRefused());
    attempt.giveUp();
  }

  /** Machines boot before their managers do. */
  @Test
  void aNodeGoesOnTryingUntilItsManagerIsThereAlsoOverARestart() throws Exception {
    try (NodesInOneProcess nodes = new NodesInOneProcess(disk)) {
      One manager = nodes.node("manager");
      manager.init();
      One early = nodes.node("early");
      String token = manager.token(NodeRole.WORKER);
      manager.node().close();
      early.beginsToJoin(manager.address(), token);
      assertEquals(LocalNode.State.PENDING, early.node().status().state());
      NodesInOneProcess.await(
          "it says why", () -> early.node().status().error().contains("cannot be reached"));
      early.restart();
      assertEquals(LocalNode.State.PENDING, early.node().status().state());
      manager.restart();
      NodesInOneProcess.await(
          "it is in", () -> early.node().status().state() == LocalNode.State.ACTIVE);
      assertEquals(2, manager.nodes().size());
      early.restart();
      assertEquals(LocalNode.State.ACTIVE, early.node().status().state());
    }
  }

  @Test
  void whatWaitingCannotMendIsSaidAtOnceAndLeavesNothingBehind() throws Exception {
    try (NodesInOneProcess nodes = new NodesInOneProcess(disk)) {
      One manager = nodes.node("manager");
      manager.init();
      One one = nodes.node("one");
      String token = manager.token(NodeRole.WORKER);
      String secret = token.substring(0, token.length() - 25) + "0".repeat(25);
      for (List<String> row :
          List.of(
              List.of("", "A valid join token is necessary to join this cluster"),
              List.of(secret, "A valid join token is necessary to join this cluster"),
              List.of(NodesInOneProcess.TOKEN, "remote CA does not match fingerprint"),
              List.of("nonsense", "invalid join token"))) {
        ApiRejection refusal =
            assertThrows(
                ApiRejection.class,
                () -> one.node().join(one.joinRequest(manager.address(), row.getFirst())));
        assertTrue(refusal.sentence().contains(row.get(1)), refusal.sentence());
        assertEquals(400, refusal.status());
        assertEquals(LocalNode.inactive(), one.node().status());
      }
      one.restart();
      assertEquals(LocalNode.inactive(), one.node().status());
      assertEquals(1, manager.nodes().size());
    }
  }
}
