package dev.swarm.core.loop;

import dev.swarm.core.plan.Key;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.stream.Stream;

/** Keys to reconcile now: those that a change has woken, and all of them in a sweep. */
final class PendingKeys {
  private final LinkedHashSet<Key> woken = new LinkedHashSet<>();
  private Iterator<Key> sweep = Collections.emptyIterator();
  private boolean sweepNext;

  boolean isEmpty() {
    return woken.isEmpty() && !sweep.hasNext();
  }

  void add(Key key) {
    woken.add(key);
  }

  /** Looks at {@code all} again, in place of what is left of a sweep before. */
  void sweep(Stream<Key> all) {
    sweep = all.iterator();
  }

  /**
   * Takes the key that has waited longest; there must be one. While everything is being looked at,
   * every other key is one that was woken: users don't wait for a sweep over a million tasks.
   */
  Key poll() {
    sweepNext = !sweepNext;
    return sweep.hasNext() && (sweepNext || woken.isEmpty()) ? sweep.next() : woken.removeFirst();
  }

  void clear() {
    woken.clear();
    sweep = Collections.emptyIterator();
  }
}
