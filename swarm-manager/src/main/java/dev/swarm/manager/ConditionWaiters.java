package dev.swarm.manager;

import dev.swarm.core.store.Delta;
import dev.swarm.core.store.Snapshot;
import dev.swarm.manager.loop.CommitListener;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Callers that wait until the cluster's state meets a condition of theirs. Safe for many threads.
 */
final class ConditionWaiters implements CommitListener {
  private record Waiter(Predicate<Snapshot> condition, CompletableFuture<Snapshot> result) {}

  private final Supplier<Snapshot> current;
  private final Executor executor;
  private final List<Waiter> waiters = new CopyOnWriteArrayList<>();
  private volatile boolean closed;

  /**
   * @param executor runs what depends on the stages, off the log's thread
   */
  ConditionWaiters(Supplier<Snapshot> current, Executor executor) {
    this.current = current;
    this.executor = executor;
  }

  CompletionStage<Snapshot> when(Predicate<Snapshot> condition) {
    Waiter waiter = new Waiter(condition, new CompletableFuture<>());
    // Listed first: a commit between the look and the listing would be missed.
    waiters.add(waiter);
    if (!closed) {
      completeIfMet(waiter, current.get());
    }
    if (closed) {
      end(waiter);
    }
    return waiter.result.minimalCompletionStage();
  }

  private void completeIfMet(Waiter waiter, Snapshot snapshot) {
    boolean holds;
    try {
      holds = waiter.condition.test(snapshot);
    } catch (RuntimeException | Error fault) {
      // The mistake is the caller's and must not stop the loop that commits.
      waiters.remove(waiter);
      tell(() -> waiter.result.completeExceptionally(fault));
      return;
    }
    if (holds && waiters.remove(waiter)) {
      tell(() -> waiter.result.complete(snapshot));
    }
  }

  private void tell(Runnable completion) {
    try {
      executor.execute(completion);
    } catch (RejectedExecutionException closing) {
      completion.run();
    }
  }

  @Override
  public void committed(Snapshot snapshot, List<Delta> deltas) {
    waiters.forEach(waiter -> completeIfMet(waiter, snapshot));
  }

  @Override
  public void restored(Snapshot snapshot) {
    waiters.forEach(waiter -> completeIfMet(waiter, snapshot));
  }

  /** Nothing more will happen: whoever still waits is told so. */
  void close() {
    closed = true;
    waiters.forEach(this::end);
  }

  private void end(Waiter waiter) {
    waiters.remove(waiter);
    waiter.result.completeExceptionally(Manager.closedException());
  }
}
