package dev.swarm.manager.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.CommitInfoProto;
import org.junit.jupiter.api.Test;

class CatchUpTest {
  private final CatchUp catchUp = new CatchUp();

  private boolean reached() {
    return catchUp.reached().toCompletableFuture().isDone();
  }

  @Test
  void aFollowerIsCurrentWhenItHasWhatTheLeaderHadAtFirst() {
    catchUp.applied(2, 10);
    assertFalse(reached(), "nobody has said how far the log is");
    catchUp.heard(2, 12);
    catchUp.applied(2, 11);
    assertFalse(reached());
    catchUp.heard(2, 100);
    catchUp.applied(2, 12);
    assertTrue(reached(), "what came later is not waited for");
  }

  /** It may not know yet of the last entries that were committed before it led. */
  @Test
  void ofANewLeaderSomethingOfItsOwnTermIsNeeded() {
    catchUp.applied(2, 10);
    catchUp.heard(3, 10);
    assertFalse(reached());
    catchUp.applied(2, 11);
    assertFalse(reached());
    catchUp.applied(3, 12);
    assertTrue(reached());
  }

  @Test
  void whoMissedNothingIsCurrentWithTheFirstWord() {
    catchUp.applied(3, 12);
    catchUp.heard(3, 12);
    assertTrue(reached());
  }

  @Test
  void whatALeaderHasCommittedIsNotCutOffWhereTheReceiverIs() {
    var append =
        AppendEntriesRequestProto.newBuilder()
            .setLeaderCommit(3)
            .addCommitInfos(CommitInfoProto.newBuilder().setCommitIndex(9))
            .addCommitInfos(CommitInfoProto.newBuilder().setCommitIndex(3));
    assertEquals(9, RaftService.committed(append.build()));
    assertEquals(3, RaftService.committed(append.clearCommitInfos().build()));
  }
}
