package dev.swarm.core.plan;

import dev.swarm.core.store.Snapshot;
import java.util.concurrent.CompletionStage;

/**
 * The way into the cluster's state for everybody outside the control loop. Safe for many threads.
 */
public interface Requests {
  /** The newest committed state. Never blocks. */
  Snapshot snapshot();

  /**
   * Has a request decided and, if it was accepted, committed. Fails with {@link
   * Rejection.RejectedException} when it was refused, or when this manager does not lead.
   */
  <R> CompletionStage<R> submit(Decision<R> decision);
}
