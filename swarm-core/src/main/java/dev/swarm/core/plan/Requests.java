package dev.swarm.core.plan;

import dev.swarm.core.store.Snapshot;
import java.util.concurrent.CompletionStage;

/**
 * Submits requests to the control loop: the one way to change the cluster's state from outside of
 * it. Safe for many threads.
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
