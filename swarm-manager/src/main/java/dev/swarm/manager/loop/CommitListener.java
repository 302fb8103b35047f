package dev.swarm.manager.loop;

import dev.swarm.core.port.ReplicatedLog.Leadership;
import dev.swarm.core.store.Delta;
import dev.swarm.core.store.Snapshot;
import java.util.List;

/**
 * Listener to every commit and every change of leadership, in order, on the log's thread: it must
 * be quick and must not block. One that throws is told the whole state instead, by {@link
 * #restored}.
 */
public interface CommitListener {
  /**
   * @param deltas what led to {@code snapshot}, in order
   */
  void committed(Snapshot snapshot, List<Delta> deltas);

  /**
   * The whole state was replaced by an image, or what changed was not taken note of: nothing is
   * known of what changed.
   */
  default void restored(Snapshot snapshot) {}

  /**
   * The state is no older any more than this manager's start: what it said before may long have
   * been something else. Told once, and before this manager leads.
   */
  default void current() {}

  /** Who leads, as far as this manager knows, or who votes, is another. */
  default void leadership(Leadership now) {}

  /** This manager begins or ceases to lead; told after {@link #leadership}. */
  default void leading(boolean leads) {}
}
