package dev.swarm.core.loop;

import dev.swarm.core.plan.Decision;
import dev.swarm.core.plan.Key;
import dev.swarm.core.plan.Plan;
import dev.swarm.core.plan.Verdict;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.Delta;
import dev.swarm.core.store.Snapshot;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * All decisions of the control loop, as pure functions. A manager uses {@link Controllers#ALL};
 * tests wrap it to plant a fault in any of these.
 */
public interface Rules {
  /** All keys there are, for a manager that begins to lead. */
  Stream<Key> all(Snapshot snapshot);

  /** Names the keys to be looked at after a change; see {@code Controller.wake}. */
  void wake(Snapshot now, Delta delta, Consumer<? super Key> wake);

  /** What is to be done about one key. */
  Plan reconcile(Snapshot snapshot, Key key, Instant now);

  /** What a request comes to. */
  default <R> Verdict<R> decide(Decision<R> decision, Snapshot draft, Decision.Context context) {
    return decision.decide(draft, context);
  }

  /** What changes make of a draft of entry {@code index}. */
  default Snapshot.Step apply(Snapshot draft, long index, Instant at, List<Change> changes) {
    return draft.apply(index, at, changes);
  }
}
