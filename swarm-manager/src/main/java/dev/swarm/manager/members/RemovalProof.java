package dev.swarm.manager.members;

import dev.swarm.core.codec.EntryCodec;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.port.ReplicatedLog;
import dev.swarm.core.port.ReplicatedLog.Leadership;
import dev.swarm.core.port.ReplicatedLog.NotLeaderException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * Proves that a node is no longer in the log, so that what it still has of the log may be deleted.
 * The members that a leader sees may be a change it has only begun, or those of a time when it did
 * lead: a node that is a voter by the next leader's count and deletes what it has acknowledged
 * takes committed entries with it. An entry that the leader commits after it looked, and in the
 * same term, proves both: that it led when it looked, and that these members, which stand before
 * that entry, are committed.
 */
final class RemovalProof {
  /** In turn nowhere, so that all managers pass it over. */
  static final byte[] PASSED_OVER = EntryCodec.encode(0, Instant.EPOCH, List.of());

  private final ReplicatedLog log;

  RemovalProof(ReplicatedLog log) {
    this.log = log;
  }

  /**
   * Whether {@code node} is certainly no voter.
   *
   * @return fails when that cannot be known now; to be asked again
   */
  CompletionStage<Boolean> confirm(NodeId node) {
    Leadership before = log.leadership();
    if (votes(node)) {
      return CompletableFuture.completedFuture(false);
    }
    return log.propose(PASSED_OVER)
        .thenApply(
            committed -> {
              Leadership now = log.leadership();
              if (!now.equals(before)) {
                throw new CompletionException(new NotLeaderException(now.leaderId()));
              }
              return !votes(node);
            });
  }

  private boolean votes(NodeId node) {
    return log.peers().stream().anyMatch(peer -> peer.id().equals(node.value()));
  }
}
