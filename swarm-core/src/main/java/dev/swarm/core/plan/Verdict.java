package dev.swarm.core.plan;

import dev.swarm.core.store.Change;
import dev.swarm.core.store.Snapshot;
import java.util.List;
import java.util.function.Function;

/** Outcome of deciding a request: rejected, or accepted with the changes to commit. */
public sealed interface Verdict<R> {
  /** Refused; nothing changes. */
  record Rejected<R>(Rejection rejection) implements Verdict<R> {}

  /**
   * Carried out by committing {@code changes}; none means there was nothing to do.
   *
   * @param reply makes the answer from the snapshot that has the changes in it
   */
  record Accepted<R>(List<Change> changes, Function<Snapshot, R> reply) implements Verdict<R> {}

  static <R> Verdict<R> reject(Rejection rejection) {
    return new Rejected<>(rejection);
  }

  static <R> Verdict<R> accept(List<Change> changes, Function<Snapshot, R> reply) {
    return new Accepted<>(List.copyOf(changes), reply);
  }
}
