package dev.swarm.manager.raft;

import static dev.swarm.manager.raft.Managers.bytes;
import static dev.swarm.manager.raft.Managers.done;
import static dev.swarm.manager.raft.Managers.failure;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.port.ReplicatedLog.NotLeaderException;
import dev.swarm.core.port.ReplicatedLog.Peer;
import dev.swarm.manager.raft.Managers.Manager;
import dev.swarm.manager.raft.RaftOptions.Start;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logs of several managers that come, go, fail and catch up. */
class ThreeManagersTest {
  @TempDir Path directory = Path.of("");
  private Managers managers = new Managers(directory, options -> options);

  @BeforeEach
  void open() {
    managers = new Managers(directory, options -> options.withSnapshots(20, 1 << 20, 1, 5));
  }

  @AfterEach
  void close() {
    managers.close();
  }

  @Test
  void everyManagerGetsEveryEntry() throws IOException {
    List<Manager> three = three();
    for (int i = 0; i < 10; i++) {
      three.getFirst().propose("entry " + i);
    }
    for (Manager manager : three) {
      manager.diary().awaitEntry("entry 9");
      assertEquals(RatisLogTest.numbered(0, 10), manager.diary().entries());
      assertEquals(
          List.of("one", "three", "two"), manager.log().peers().stream().map(Peer::id).toList());
    }
    Manager follower = three.getLast();
    var refused =
        assertInstanceOf(NotLeaderException.class, failure(follower.log().propose(bytes("no"))));
    assertEquals("one", refused.leaderId());
    assertEquals("one", follower.log().leadership().leaderId());
  }

  @Test
  void anotherLeadsWhenTheLeaderIsGone() throws IOException {
    three().getFirst().propose("before");
    managers.stop("one");
    Manager next = managers.leader();
    assertTrue(next.diary().entries().contains("before"));
    propose(next, "after");
    Manager back = managers.start("one", Start.RESTART);
    back.diary().awaitEntry("after");
    assertEquals(List.of("before", "after"), back.diary().entries());
    assertFalse(back.log().leadership().self());
  }

  /** Nobody has to look for it, now and then. */
  @Test
  void whoFollowsIsToldWhoLeadsAndThatNobodyDoes() throws IOException {
    Manager third = three().getLast();
    third.diary().await("leader", diary -> named(diary).equals("one"));
    managers.stop("two");
    managers.stop("one");
    third.diary().await("loss of the leader", diary -> named(diary).isEmpty());
    assertEquals("", third.log().leadership().leaderId());
    managers.start("two", Start.RESTART);
    third.diary().await("another leader", diary -> !named(diary).isEmpty());
  }

  private static String named(Diary diary) {
    return diary.leaderships().isEmpty() ? "" : diary.leaderships().getLast().leaderId();
  }

  @Test
  void leadershipIsHandedOver() throws IOException {
    List<Manager> three = three();
    done(three.getFirst().log().transferLeadership("two"));
    three.get(1).diary().awaitLeading();
    three.getFirst().diary().await("loss of leadership", diary -> !diary.leads());
    propose(three.get(1), "from two");
    done(three.get(1).log().transferLeadership(""));
    Manager third = managers.leader();
    assertNotEquals("two", third.peer().id());
    propose(third, "from another");
    assertInstanceOf(
        NotLeaderException.class, failure(three.get(1).log().transferLeadership("one")));
  }

  @Test
  void aLateManagerCatchesUpByASnapshot() throws IOException {
    Manager one = managers.found("one");
    for (int i = 0; i < 200; i++) {
      one.propose("entry " + i);
    }
    awaitSnapshot("one");
    Manager two = managers.join("two");
    two.diary().awaitEntry("entry 199");
    assertEquals(1, two.diary().restores());
    assertEquals(RatisLogTest.numbered(0, 200), two.diary().entries());
    Manager three = managers.join("three");
    propose(managers.leader(), "entry 200");
    three.diary().awaitEntry("entry 200");
    assertEquals(RatisLogTest.numbered(0, 201), three.diary().entries());
  }

  @Test
  void aFollowerThatWasAwayForLongCatchesUpByASnapshot() throws IOException {
    three();
    managers.stop("three");
    Manager leader = managers.leader();
    byte[] big = new byte[100_000];
    java.util.Arrays.fill(big, (byte) 'x');
    for (int i = 0; i < 120; i++) {
      done(leader.log().propose(big));
    }
    propose(leader, "last");
    Manager back = managers.start("three", Start.RESTART);
    back.diary().awaitEntry("last");
    assertTrue(back.diary().restores() > 0);
    assertEquals(leader.diary().entries(), back.diary().entries());
    // And goes on from there after a restart.
    propose(managers.leader(), "after");
    back.diary().awaitEntry("after");
    managers.stop("three");
    Manager again = managers.start("three", Start.RESTART);
    again.diary().awaitEntry("after");
    assertEquals(managers.leader().diary().entries(), again.diary().entries());
  }

  @Test
  void aSnapshotThatWasFetchedRightBeforeACrashIsUsed() throws IOException {
    three().getFirst().propose("before");
    managers.stop("three");
    Manager leader = managers.leader();
    for (int i = 0; i < 100; i++) {
      leader.propose("entry " + i);
    }
    awaitSnapshot(leader.peer().id());
    Path from = managers.home(leader.peer().id()).resolve("snapshots");
    try (var files = java.nio.file.Files.list(from)) {
      Path newest = files.sorted().toList().getLast();
      java.nio.file.Files.copy(
          newest, managers.home("three").resolve("snapshots").resolve(newest.getFileName()));
    }
    Manager three = managers.start("three", Start.RESTART);
    propose(managers.leader(), "after");
    three.diary().awaitEntry("after");
    assertEquals(managers.leader().diary().entries(), three.diary().entries());
    managers.stop("three");
    Manager again = managers.start("three", Start.RESTART);
    propose(managers.leader(), "more");
    again.diary().awaitEntry("more");
    assertEquals(managers.leader().diary().entries(), again.diary().entries());
  }

  @Test
  void aRemovedManagerEndsAndTheOthersGoOn() throws IOException {
    List<Manager> three = three();
    Manager one = three.getFirst();
    done(one.log().removePeer("three"));
    assertEquals(2, one.log().peers().size());
    await(three.getLast());
    assertFalse(three.getLast().log().leadership().self());
    managers.stop("three");
    one.propose("without three");
    done(one.log().removePeer("three"));

    done(one.log().removePeer("one"));
    await(one);
    managers.stop("one");
    Manager two = managers.leader();
    assertEquals("two", two.peer().id());
    assertEquals(List.of(two.peer()), two.log().peers());
    two.propose("alone");
    assertEquals(List.of("without three", "alone"), two.diary().entries());
    failure(two.log().removePeer("two"));
  }

  @Test
  void aRemovedManagerMayComeBackEmpty() throws IOException {
    three().getFirst().propose("entry");
    done(managers.leader().log().removePeer("three"));
    managers.stop("three");
    var moved = managers.home("three").toFile();
    assertTrue(moved.renameTo(new java.io.File(moved.getPath() + ".old")));
    Manager three = managers.join("three");
    three.diary().awaitEntry("entry");
    assertEquals(3, managers.leader().log().peers().size());
  }

  @Test
  void aManagerMayMoveToAnotherAddress() throws IOException {
    three().getFirst().propose("before");
    for (String id : List.of("three", "two")) {
      managers.stop(id);
      managers.move(id);
      Manager moved = managers.start(id, Start.RESTART);
      done(managers.leader().log().addPeer(moved.peer()));
      done(managers.leader().log().addPeer(moved.peer()));
      propose(managers.leader(), id);
      moved.diary().awaitEntry(id);
      assertTrue(managers.leader().log().peers().contains(moved.peer()));
    }
    Manager four = managers.join("four");
    four.diary().awaitEntry("two");
    assertEquals(List.of("before", "three", "two"), four.diary().entries());
    done(managers.leader().log().transferLeadership("four"));
    four.diary().awaitLeading();
  }

  @Test
  void addingOneThatIsNotThereFailsAndHarmsNothing() throws IOException {
    Manager one = managers.found("one");
    failure(one.log().addPeer(managers.peer("absent")));
    assertEquals(List.of(one.peer()), one.log().peers());
    one.propose("entry");
  }

  @Test
  void withoutAMajorityNothingIsAcknowledged() throws IOException {
    Manager one = three().getFirst();
    managers.cutOff("two");
    managers.cutOff("three");
    Throwable failure = failure(one.log().propose(bytes("unknown")));
    assertFalse(failure instanceof NotLeaderException, failure.toString());
    one.diary().await("loss of leadership", diary -> !diary.leads());
    assertFalse(one.diary().entries().contains("unknown"));
  }

  /**
   * So the members that a leader sees prove nothing; what it commits after it has seen them does.
   */
  @Test
  void aLeaderSeesMembersItHasOnlyBegunToChangeAndCommitsNothingBeforeTheyAre() throws IOException {
    Manager one = three().getFirst();
    managers.cutOff("two");
    managers.cutOff("three");
    var _ = one.log().removePeer("three");
    while (one.log().peers().size() > 2) {
      Managers.waitALittle(one.diary());
    }
    failure(one.log().propose(bytes("after")));
    assertFalse(one.diary().entries().contains("after"));
  }

  @Test
  void theLastOneCanGoOnAlone() throws IOException {
    three().getFirst().propose("before");
    managers.leader();
    for (String id : List.of("one", "two", "three")) {
      managers.stop(id);
    }
    Manager alone = managers.start("two", Start.FORCE_NEW_CLUSTER);
    alone.diary().awaitLeading();
    assertEquals(List.of(alone.peer()), alone.log().peers());
    alone.propose("after");
    assertEquals(List.of("before", "after"), alone.diary().entries());
    managers.stop("two");
    Manager again = managers.start("two", Start.RESTART);
    again.diary().awaitLeading();
    assertEquals(List.of("before", "after"), again.diary().entries());
    Manager fresh = managers.join("four");
    fresh.diary().awaitEntry("after");
    assertEquals(2, again.log().peers().size());
  }

  private List<Manager> three() throws IOException {
    Manager one = managers.found("one");
    return List.of(one, managers.join("two"), managers.join("three"));
  }

  /** Proposes to a manager that has only just begun to lead, or whoever leads instead by now. */
  private void propose(Manager leader, String entry) {
    Manager now = leader.log().leadership().self() ? leader : managers.leader();
    now.propose(entry);
  }

  private void awaitSnapshot(String id) throws IOException {
    Path snapshots = managers.home(id).resolve("snapshots");
    for (int tries = 0; tries < 600; tries++) {
      try (var files = java.nio.file.Files.list(snapshots)) {
        if (files.anyMatch(file -> file.getFileName().toString().matches("snapshot-.*[0-9a-f]"))) {
          return;
        }
      }
      Managers.waitALittle(this);
    }
    throw new AssertionError("no snapshot");
  }

  private static void await(Manager manager) {
    try {
      manager.log().ended().toCompletableFuture().get(60, TimeUnit.SECONDS);
    } catch (ExecutionException | InterruptedException | java.util.concurrent.TimeoutException e) {
      throw new AssertionError("did not end", e);
    }
  }
}
