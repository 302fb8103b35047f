package dev.swarm.manager.members;

import static docker.swarmkit.v1.NodeRole.MANAGER;
import static docker.swarmkit.v1.NodeRole.WORKER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.model.NodeId;
import dev.swarm.core.port.ReplicatedLog.Peer;
import dev.swarm.core.store.Change;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** How wishes become roles, and voters never lack the rights of one. */
class RoleKeeperTest {
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final FakeLog log = new FakeLog();
  private final FakeCluster cluster = new FakeCluster();
  private final ManualTime time = new ManualTime();
  private int told;
  private final RoleKeeper keeper = new RoleKeeper(log, cluster, time, "self", () -> told++);

  RoleKeeperTest() {
    cluster.listen(keeper);
    manager("self");
  }

  private void manager(String id) {
    cluster.put(id, MANAGER, MANAGER);
    log.peers.add(new Peer(id, id + ":2377"));
  }

  private void lead() {
    keeper.leading(true);
    time.run();
  }

  private void wish(String id, docker.swarmkit.v1.NodeRole role) {
    cluster.wish(id, role);
    time.run();
  }

  /** The log has done what it was asked. */
  private void removed(String id) {
    log.peers.removeIf(peer -> peer.id().equals(id));
    log.open("remove " + id).complete(null);
    time.run();
  }

  private List<String> asked() {
    return log.asked.stream().map(FakeLog.Asked::what).toList();
  }

  @Test
  void aPromotedWorkerIsRecordedAsAManager() {
    lead();
    cluster.put("w", WORKER, WORKER);
    time.run();
    assertEquals(0, cluster.submitted);
    wish("w", MANAGER);
    assertEquals(MANAGER, cluster.role("w"));
    // It enters the log by itself, once it has its certificate.
    assertEquals(List.of(), asked());
    assertEquals(1, cluster.submitted);
    assertTrue(time.isIdle());
  }

  @Test
  void aDemotedManagerLeavesTheLogFirst() {
    lead();
    manager("m");
    wish("m", WORKER);
    log.assertOpen("remove m");
    assertEquals(MANAGER, cluster.role("m"));
    assertEquals(0, told);
    removed("m");
    assertEquals(WORKER, cluster.role("m"));
    assertEquals(1, told);
    assertEquals(List.of("remove m"), asked());
  }

  @Test
  void aManagerThatNeverEnteredIsDemotedAtOnce() {
    lead();
    cluster.put("m", MANAGER, MANAGER);
    wish("m", WORKER);
    assertEquals(WORKER, cluster.role("m"));
    assertEquals(List.of(), asked());
  }

  @Test
  void aManagerEntersAndLeavesInThisOrder() {
    lead();
    cluster.put("m", MANAGER, MANAGER);
    CompletableFuture<Void> entered = keeper.enter(new Peer("m", "m:2377")).toCompletableFuture();
    time.run();
    wish("m", WORKER);
    assertEquals(MANAGER, cluster.role("m"), "it may be a voter at any moment");
    log.peers.add(new Peer("m", "m:2377"));
    log.open("add m at m:2377").complete(null);
    time.run();
    assertTrue(entered.isDone() && !entered.isCompletedExceptionally());
    assertEquals(MANAGER, cluster.role("m"));
    removed("m");
    assertEquals(WORKER, cluster.role("m"));
    assertEquals(2, told);
  }

  @Test
  void nobodyEntersThatIsNotToBeAManager() {
    lead();
    cluster.put("leaving", MANAGER, WORKER);
    cluster.put("coming", WORKER, MANAGER);
    for (String id : List.of("leaving", "stranger")) {
      CompletableFuture<Void> refused = keeper.enter(new Peer(id, id + ":1")).toCompletableFuture();
      time.run();
      assertTrue(refused.isCompletedExceptionally(), id);
    }
    assertEquals(List.of(), asked());
  }

  @Test
  void onlyALeaderLetsOthersIn() {
    cluster.put("m", MANAGER, MANAGER);
    CompletableFuture<Void> early = keeper.enter(new Peer("m", "m:1")).toCompletableFuture();
    time.run();
    assertTrue(early.isCompletedExceptionally());
    assertEquals(List.of(), asked());
  }

  @Test
  void aVoterThatIsNoManagerLeaves() {
    cluster.put("w", WORKER, WORKER);
    log.peers.add(new Peer("w", "w:1"));
    lead();
    removed("w");
    assertEquals(List.of("remove w"), asked());
    assertEquals(WORKER, cluster.role("w"));
  }

  @Test
  void aLeaderThatIsToBeAWorkerLetsAnotherLead() {
    lead();
    manager("m");
    wish("self", WORKER);
    CompletableFuture<Void> handedOver = log.open("transfer to anyone");
    keeper.leading(false);
    handedOver.complete(null);
    time.pass(Duration.ofMinutes(1));
    assertEquals(MANAGER, cluster.role("self"));
    assertEquals(List.of("transfer to anyone"), asked());
  }

  @Test
  void aLeaderThatCannotHandOverTriesAgain() {
    lead();
    wish("self", WORKER);
    log.open("transfer to anyone").completeExceptionally(new IOException("nobody is fit"));
    time.run();
    assertEquals(1, asked().size());
    time.pass(RETRY);
    log.assertOpen("transfer to anyone");
    assertEquals(MANAGER, cluster.role("self"));
  }

  @Test
  void aVoterThatCannotBeRemovedKeepsItsRole() {
    lead();
    manager("m");
    wish("m", WORKER);
    for (int i = 0; i < 3; i++) {
      log.open("remove m").completeExceptionally(new CompletionException(new IOException("busy")));
      time.pass(RETRY.minusMillis(1));
      assertEquals(i + 1, asked().size());
      time.pass(Duration.ofMillis(1));
    }
    assertEquals(MANAGER, cluster.role("m"));
    assertEquals(0, told);
    removed("m");
    assertEquals(WORKER, cluster.role("m"));
  }

  /** The second step alone is taken again: the voter has left. */
  @Test
  void aRoleThatCannotBeRecordedIsRecordedLater() {
    lead();
    manager("m");
    wish("m", WORKER);
    cluster.broken = true;
    removed("m");
    assertEquals(MANAGER, cluster.role("m"));
    cluster.broken = false;
    time.pass(RETRY);
    assertEquals(WORKER, cluster.role("m"));
    assertEquals(List.of("remove m"), asked());

    cluster.broken = true;
    wish("m", MANAGER);
    assertEquals(WORKER, cluster.role("m"));
    cluster.broken = false;
    time.pass(RETRY);
    assertEquals(MANAGER, cluster.role("m"));
  }

  @Test
  void whoDoesNotLeadDoesNothing() {
    manager("m");
    cluster.put("w", WORKER, MANAGER);
    wish("m", WORKER);
    wish("self", WORKER);
    keeper.leading(false);
    time.pass(Duration.ofMinutes(1));
    assertEquals(0, cluster.submitted);
    assertEquals(List.of(), asked());
  }

  @Test
  void aNewLeaderFindsWhatIsLeftToDo() {
    manager("m");
    cluster.put("w", WORKER, MANAGER);
    wish("m", WORKER);
    lead();
    removed("m");
    assertEquals(WORKER, cluster.role("m"));
    assertEquals(MANAGER, cluster.role("w"));
  }

  @Test
  void whoLeadsNoLongerStopsTrying() {
    lead();
    manager("m");
    wish("m", WORKER);
    keeper.leading(false);
    log.open("remove m").completeExceptionally(new IOException("not the leader"));
    time.pass(Duration.ofMinutes(1));
    assertEquals(List.of("remove m"), asked());
    assertTrue(time.isIdle());

    lead();
    log.assertOpen("remove m");
  }

  /** A retry that was waiting when leadership was lost must not be taken by a follower. */
  @Test
  void aRetryIsForLeadersToo() {
    lead();
    cluster.broken = true;
    cluster.put("w", WORKER, MANAGER);
    time.run();
    assertEquals(1, cluster.submitted);
    keeper.leading(false);
    time.pass(Duration.ofMinutes(1));
    assertEquals(1, cluster.submitted);
  }

  @Test
  void membersChangeOneByOne() {
    lead();
    manager("a");
    manager("b");
    cluster.wish("a", WORKER);
    cluster.wish("b", WORKER);
    time.run();
    removed("a");
    removed("b");
    assertEquals(List.of("remove a", "remove b"), asked());
    assertEquals(WORKER, cluster.role("b"));
  }

  @Test
  void oneThatCannotBeChangedHoldsUpNobodyElse() {
    lead();
    manager("a");
    cluster.wish("a", WORKER);
    cluster.put("z", WORKER, MANAGER);
    time.run();
    log.open("remove a").completeExceptionally(new IOException("unreachable"));
    time.run();
    assertEquals(MANAGER, cluster.role("z"));
  }

  @Test
  void aWishThatWasTakenBackIsNotFulfilled() {
    lead();
    cluster.broken = true;
    cluster.put("w", WORKER, MANAGER);
    time.run();
    cluster.broken = false;
    wish("w", WORKER);
    time.pass(RETRY);
    assertEquals(WORKER, cluster.role("w"));
    assertEquals(1, cluster.submitted);
  }

  @Test
  void aNodeThatIsGoneIsForgotten() {
    lead();
    cluster.broken = true;
    cluster.put("w", WORKER, MANAGER);
    time.run();
    cluster.broken = false;
    cluster.commit(new Change.RemoveNode(new NodeId("w")));
    time.pass(Duration.ofMinutes(1));
    assertEquals(1, cluster.submitted);
    assertTrue(time.isIdle());
  }

  /** Whatever fails in between, in the end every role is what was last wished of it. */
  @Property(tries = 100)
  void everyWishIsFulfilledInTheEnd(@ForAll long seed) {
    new RoleKeeperTest().fulfilsEveryWish(new Random(seed));
  }

  private void fulfilsEveryWish(Random random) {
    List<String> ids = new ArrayList<>();
    lead();
    for (int i = 0; i < 4; i++) {
      ids.add("n" + i);
      if (random.nextBoolean()) {
        manager("n" + i);
      } else {
        cluster.put("n" + i, WORKER, WORKER);
      }
    }
    for (int step = 0; step < 60; step++) {
      String id = ids.get(random.nextInt(ids.size()));
      switch (random.nextInt(6)) {
        case 0 -> cluster.wish(id, random.nextBoolean() ? MANAGER : WORKER);
        case 1 -> cluster.broken = random.nextBoolean();
        case 2 -> keeper.leading(random.nextBoolean());
        case 3 -> answer(random.nextBoolean());
        case 4 -> time.pass(RETRY);
        default -> time.run();
      }
      assertVotersAreManagers();
    }
    cluster.broken = false;
    lead();
    for (int i = 0; i < 20; i++) {
      answer(true);
      time.pass(RETRY);
      assertVotersAreManagers();
    }
    ids.forEach(id -> assertEquals(cluster.get(id).spec().getDesiredRole(), cluster.role(id)));
    assertTrue(time.isIdle());
  }

  private void answer(boolean well) {
    for (FakeLog.Asked one : List.copyOf(log.asked)) {
      if (!one.answer().isDone()) {
        if (well) {
          log.peers.removeIf(peer -> one.what().equals("remove " + peer.id()));
          one.answer().complete(null);
        } else {
          one.answer().completeExceptionally(new IOException("not now"));
        }
      }
    }
  }

  private void assertVotersAreManagers() {
    log.peers.forEach(peer -> assertEquals(MANAGER, cluster.role(peer.id()), peer.id()));
  }
}
