package dev.swarm.cli.sim;

import dev.swarm.core.loop.Rules;
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

/** The rules that others are, but for what a subclass makes of one of them. */
class RulesBetween implements Rules {
  private final Rules sound;

  RulesBetween(Rules sound) {
    this.sound = sound;
  }

  @Override
  public Stream<Key> all(Snapshot snapshot) {
    return sound.all(snapshot);
  }

  @Override
  public void wake(Snapshot now, Delta delta, Consumer<? super Key> wake) {
    sound.wake(now, delta, wake);
  }

  @Override
  public Plan reconcile(Snapshot snapshot, Key key, Instant now) {
    return sound.reconcile(snapshot, key, now);
  }

  @Override
  public <R> Verdict<R> decide(Decision<R> decision, Snapshot draft, Decision.Context context) {
    return sound.decide(decision, draft, context);
  }

  @Override
  public Snapshot.Step apply(Snapshot draft, long index, Instant at, List<Change> changes) {
    return sound.apply(draft, index, at, changes);
  }
}
