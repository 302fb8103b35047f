package dev.swarm.manager.ca;

import dev.swarm.core.plan.Decision;
import dev.swarm.core.plan.Rejection;
import dev.swarm.core.plan.Requests;
import dev.swarm.core.plan.Verdict;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.Snapshot;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Decides and commits on the caller's thread. */
final class CommitsAtOnce implements Requests {
  private Snapshot snapshot = Snapshot.EMPTY;
  private final Instant now;

  /** What somebody else has committed by the time the next request is decided. */
  List<Change> meanwhile = List.of();

  CommitsAtOnce(Instant now) {
    this.now = now;
  }

  @Override
  public Snapshot snapshot() {
    return snapshot;
  }

  @Override
  public <R> CompletionStage<R> submit(Decision<R> decision) {
    commit(meanwhile);
    meanwhile = List.of();
    Decision.Context context = new Decision.Context(now, snapshot.index() + 1, () -> "unused");
    return switch (decision.decide(snapshot, context)) {
      case Verdict.Rejected<R> rejected ->
          CompletableFuture.failedStage(new Rejection.RejectedException(rejected.rejection()));
      case Verdict.Accepted<R> accepted -> {
        commit(accepted.changes());
        yield CompletableFuture.completedStage(accepted.reply().apply(snapshot));
      }
    };
  }

  void commit(List<Change> changes) {
    snapshot = snapshot.apply(snapshot.index() + 1, now, changes).snapshot();
  }
}
