package dev.swarm.manager.raft;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Detects that this replica has applied all that was committed when it started. A follower learns
 * from its leader how far the log is committed; a leader that is new may not know that yet, but
 * what it commits in its own term stands behind everything that was committed before. Safe for many
 * threads.
 */
final class CatchUp {
  private static final long NOTHING = -1;

  private final CompletableFuture<Void> reached = new CompletableFuture<>();
  private long targetTerm = NOTHING; // under this
  private long targetIndex = NOTHING; // under this
  private long appliedTerm = NOTHING; // under this
  private long appliedIndex = NOTHING; // under this

  /**
   * A leader's message was accepted.
   *
   * @param term the leader's
   * @param committed the last entry that it knows to be committed
   */
  void heard(long term, long committed) {
    if (isReached()) {
      return; // as with every message from then on
    }
    synchronized (this) {
      if (targetTerm == NOTHING) {
        targetTerm = term;
        targetIndex = committed;
      }
    }
    checkReached();
  }

  /** The state has everything up to this entry. */
  void applied(long term, long index) {
    if (isReached()) {
      return;
    }
    synchronized (this) {
      appliedTerm = Math.max(appliedTerm, term);
      appliedIndex = Math.max(appliedIndex, index);
    }
    checkReached();
  }

  private void checkReached() {
    boolean there;
    synchronized (this) {
      there = targetTerm != NOTHING && appliedTerm >= targetTerm && appliedIndex >= targetIndex;
    }
    if (there) {
      reached.complete(null);
    }
  }

  boolean isReached() {
    return reached.isDone();
  }

  /** Completes once, on the thread that brought the last piece of news. */
  CompletionStage<Void> reached() {
    return reached;
  }
}
