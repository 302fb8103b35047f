package dev.swarm.core.plan;

import dev.swarm.core.store.Snapshot;

/**
 * Names one thing that a controller reconciles: a value, of a type that is the controller's own. A
 * change marks keys; reconciling one too often does no harm.
 */
public interface Key {
  /** What people call it, as in {@code slot 3 of service web}. Must not fail, whatever is gone. */
  String describe(Snapshot snapshot);
}
