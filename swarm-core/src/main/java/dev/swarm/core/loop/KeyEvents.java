package dev.swarm.core.loop;

import dev.swarm.core.plan.Key;
import dev.swarm.core.plan.Plan;
import dev.swarm.core.store.Snapshot;

/** Listener to what happens to keys: planned, failed, recovered. For the log. */
public interface KeyEvents {
  /**
   * A plan is part of the next entry.
   *
   * @param count how many of its commands had room; the key is looked at again for the others
   * @param before the state it was made for
   */
  void planned(Key key, Plan plan, int count, Snapshot before);

  /**
   * The key's controller failed; the draft is as it was before, and all other keys go on. What is
   * thrown from here ends the turn.
   */
  void failed(Key key, Throwable fault);

  /** A key that had been set aside is looked after again. */
  void recovered(Key key);
}
