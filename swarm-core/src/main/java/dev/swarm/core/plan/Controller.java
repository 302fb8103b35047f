package dev.swarm.core.plan;

import dev.swarm.core.store.Delta;
import dev.swarm.core.store.Snapshot;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Keeps one kind of thing as the cluster's specs ask: declares its keys, which changes wake them,
 * and the plan for each. Stateless; the same arguments always give the same result. To add one,
 * write it and put it on the list in {@code loop.Controllers}.
 *
 * @param <K> its keys
 */
public interface Controller<K extends Key> {
  /** The type of its keys; no other controller has the same. */
  Class<K> keys();

  /**
   * All its keys, in a fixed order, made as they are asked for: a manager that begins to lead looks
   * at each of them, and finds whatever its predecessor left undone.
   */
  Stream<K> all(Snapshot snapshot);

  /**
   * Names the keys to be looked at after a change. Too many cost time, too few lose work.
   *
   * @param now the state after the change
   */
  void wake(Snapshot now, Delta delta, Consumer<? super K> wake);

  /** What is to be done about one key. Reconciling the result again asks for nothing. */
  Plan reconcile(Snapshot snapshot, K key, Instant now);
}
