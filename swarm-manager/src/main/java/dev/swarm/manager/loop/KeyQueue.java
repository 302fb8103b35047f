package dev.swarm.manager.loop;

import dev.swarm.core.codec.EntryCodec;
import dev.swarm.core.plan.Command;
import dev.swarm.core.plan.Key;
import dev.swarm.core.plan.Plan;
import dev.swarm.core.store.Change;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys that wait to be looked at, now or at a time of theirs. One whose controller fails is set
 * aside; all others go on.
 */
final class KeyQueue {
  private static final Logger LOG = LoggerFactory.getLogger(KeyQueue.class);

  /** Keys looked at in one turn. */
  private static final int KEYS_A_TURN = 20_000;

  private final Reconcilers reconcilers;
  private final Faults faults;
  private final Triggers dirty;
  private final Timers alarms = new Timers();
  private final SetAside setAside = new SetAside();

  KeyQueue(Reconcilers reconcilers, Faults faults, Triggers dirty) {
    this.reconcilers = reconcilers;
    this.faults = faults;
    this.dirty = dirty;
  }

  void clear() {
    dirty.clear();
    alarms.clear();
    setAside.clear();
  }

  /** Whether some key is to be looked at now. */
  boolean isEmpty() {
    return dirty.isEmpty();
  }

  /** The time of the next alarm, or {@link Instant#MAX}. */
  Instant next() {
    return alarms.next();
  }

  /** How many keys are set aside. */
  int failing() {
    return setAside.count();
  }

  /** Looks at keys, at least at one, until the entry has come to so many bytes. */
  void reconcile(Draft draft, int bytesMax) {
    alarms.due(draft.now()).forEach(dirty::add);
    for (int looked = 0; looked < KEYS_A_TURN && !dirty.isEmpty(); looked++) {
      if (looked > 0 && draft.bytes() >= bytesMax) {
        return;
      }
      Key key = dirty.poll();
      try {
        if (!look(key, draft)) {
          return;
        }
      } catch (RuntimeException | Error fault) {
        faults.contain(key + " is set aside", fault);
        alarms.set(key, setAside.retryAt(key, draft.now()));
      }
    }
  }

  /** Says whether the entry had room for all that the key needs. */
  private boolean look(Key key, Draft draft) {
    Plan plan = reconcilers.reconcile(draft.snapshot(), key, draft.now());
    boolean whole = plan.commands().isEmpty() || carryOut(key, plan.commands(), draft);
    if (plan.more() || !whole) {
      dirty.add(key);
    }
    alarms.set(key, plan.wakeAt());
    setAside.succeeded(key);
    return whole;
  }

  private boolean carryOut(Key key, List<Command> commands, Draft draft) {
    List<Change> changes = draft.materialize(commands);
    EntryCodec.Encoded encoded = EntryCodec.encode(changes);
    int count = encoded.countWithin(Draft.ROOM - draft.bytes());
    if (count == 0 && draft.isEmpty()) {
      throw new IllegalStateException("no entry has room for " + encoded.bytes() + " bytes");
    }
    if (count > 0) {
      draft.add(changes.subList(0, count), encoded.first(count), dirty::add);
      LOG.debug("{}: {} commands", key, count);
    }
    return count == changes.size();
  }
}
