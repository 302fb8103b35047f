package dev.swarm.manager.members;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.codec.EntryCodec;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.port.ReplicatedLog.Peer;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a node may delete what it has of the log. */
class RemovalProofTest {
  private static final NodeId NODE = new NodeId("n");
  private static final Peer PEER = new Peer("n", "10.0.0.2:2377");

  private final FakeLog log = new FakeLog();
  private final RemovalProof leftOut = new RemovalProof(log);

  @BeforeEach
  void lead() {
    log.leader("self", true);
    log.peers.add(new Peer("self", "10.0.0.1:2377"));
  }

  private CompletableFuture<Boolean> confirm() {
    return leftOut.confirm(NODE).toCompletableFuture();
  }

  private static void assertUnknown(CompletableFuture<Boolean> answer) {
    assertTrue(answer.isCompletedExceptionally());
  }

  @Test
  void aVoterIsNotLeftOutAndNobodyNeedBeAsked() {
    log.peers.add(PEER);
    assertEquals(false, confirm().join());
    assertEquals(List.of(), log.asked);
  }

  /** Its removal may be under way only, and be undone by the next leader. */
  @Test
  void oneThatIsNoVoterIsLeftOutOnceAnEntryAfterThatIsCommitted() {
    var answer = confirm();
    assertFalse(answer.isDone());
    log.open("propose").complete(null);
    assertEquals(true, answer.join());
  }

  /** This manager may lead no more without knowing, and the next leader count on the node. */
  @Test
  void withoutAMajorityNothingIsKnown() {
    var answer = confirm();
    log.open("propose").completeExceptionally(new IOException("the log did not answer in time"));
    assertUnknown(answer);
  }

  /** Between two terms of its own another led, and may have let the node in. */
  @Test
  void whatWasSeenInAnotherTermIsWorthNothing() {
    var answer = confirm();
    log.term(3);
    log.open("propose").complete(null);
    assertUnknown(answer);
  }

  @Test
  void oneThatWasLetInMeanwhileIsNotLeftOut() {
    var answer = confirm();
    log.peers.add(PEER);
    log.open("propose").complete(null);
    assertEquals(false, answer.join());
  }

  @Test
  void theEntryIsInTurnNowhereAndChangesNothing() {
    EntryCodec.Decoded entry = EntryCodec.decode(RemovalProof.PASSED_OVER);
    assertEquals(0, entry.sequence()); // the first in turn is 1
    assertEquals(List.of(), entry.changes());
  }
}
