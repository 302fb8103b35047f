package dev.swarm.manager.dispatcher;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Messages that have arrived at this manager and were not handled yet. */
@FunctionalInterface
public interface ReceiveBacklog {
  /** Completes when what had arrived before has been heard. Never fails. */
  CompletionStage<Void> caughtUp();

  /** Those of a manager that hears everything at once. */
  static ReceiveBacklog instant() {
    return () -> CompletableFuture.<Void>completedFuture(null);
  }
}
