package dev.swarm.core.loop;

import dev.swarm.core.plan.Key;
import dev.swarm.core.plan.Plan;
import dev.swarm.core.store.Delta;
import dev.swarm.core.store.Snapshot;
import java.time.Instant;
import java.util.List;

/**
 * Queue of keys to reconcile, now or at a given time. A key whose controller fails is set aside;
 * all others go on. Used by one thread.
 */
public final class KeyQueue {
  /** Keys looked at in one turn. */
  private static final int KEYS_A_TURN = 20_000;

  private final Rules rules;
  private final KeyEvents events;
  private final PendingKeys pending = new PendingKeys();
  private final Timers timers = new Timers();
  private final SetAside setAside = new SetAside();

  public KeyQueue(Rules rules, KeyEvents events) {
    this.rules = rules;
    this.events = events;
  }

  /** Forgets everything: nobody leads here any more. */
  public void clear() {
    pending.clear();
    timers.clear();
    setAside.clear();
  }

  /** Marks what a change wakes. */
  public void wake(Snapshot now, Delta delta) {
    rules.wake(now, delta, pending::add);
  }

  /** Has everything looked at, while what changes meanwhile does not wait for that. */
  public void wakeAll(Snapshot snapshot) {
    pending.sweep(rules.all(snapshot));
  }

  /** Whether no key is to be looked at now. */
  public boolean isEmpty() {
    return pending.isEmpty();
  }

  /** When the next key is to be looked at though nothing changed, or {@link Instant#MAX}. */
  public Instant next() {
    return timers.next();
  }

  /** The keys that are set aside because their controller fails. */
  public List<Key> failing() {
    return setAside.keys();
  }

  /** Looks at keys, at least at one, until the entry has come to so many bytes. */
  public void reconcile(Draft draft, int bytesMax) {
    timers.due(draft.now()).forEach(pending::add);
    for (int looked = 0; looked < KEYS_A_TURN && !pending.isEmpty(); looked++) {
      if (looked > 0 && draft.bytes() >= bytesMax) {
        return;
      }
      Key key = pending.poll();
      try {
        if (!look(key, draft)) {
          return;
        }
      } catch (RuntimeException | Error fault) {
        events.failed(key, fault);
        timers.set(key, setAside.retryAt(key, draft.now()));
      }
    }
  }

  /** Says whether the entry had room for all that the key needs. */
  private boolean look(Key key, Draft draft) {
    Snapshot before = draft.snapshot();
    Plan plan = rules.reconcile(before, key, draft.now());
    int count = draft.carryOut(plan.commands(), this::wake);
    boolean whole = count == plan.commands().size();
    if (plan.more() || !whole) {
      pending.add(key);
    }
    timers.set(key, plan.wakeAt());
    if (setAside.succeeded(key)) {
      events.recovered(key);
    }
    if (count > 0) {
      events.planned(key, plan, count, before);
    }
    return whole;
  }
}
