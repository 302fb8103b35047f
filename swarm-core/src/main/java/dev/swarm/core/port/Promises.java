package dev.swarm.core.port;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The stages that a part has handed out and not completed yet. When the part closes they fail, and
 * so does every one that is asked for later: nobody waits for what nothing will complete. Safe for
 * use by many threads.
 */
public final class Promises {
  private final Set<CompletableFuture<?>> open = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Throwable end;

  /** A stage to be completed by whoever asks; one that has failed already after {@link #close}. */
  public <T> CompletableFuture<T> open() {
    return track(new CompletableFuture<>());
  }

  /** A stage that ends as {@code stage} does, or with {@link #close} if that is sooner. */
  public <T> CompletionStage<T> follow(CompletionStage<T> stage) {
    CompletableFuture<T> promise = open();
    stage.whenComplete(
        (value, error) -> {
          if (error == null) {
            promise.complete(value);
          } else {
            promise.completeExceptionally(error);
          }
        });
    return promise;
  }

  private <T> CompletableFuture<T> track(CompletableFuture<T> promise) {
    // Listed first: a close between the look and the listing would be missed.
    open.add(promise);
    var _ = promise.whenComplete((value, error) -> open.remove(promise));
    Throwable why = end;
    if (why != null) {
      promise.completeExceptionally(why);
    }
    return promise;
  }

  public boolean isClosed() {
    return end != null;
  }

  /**
   * Fails what is open and what will be asked for, with {@code why}; a second call does nothing.
   */
  public void close(Throwable why) {
    synchronized (this) {
      if (end != null) {
        return;
      }
      end = why;
    }
    open.forEach(promise -> promise.completeExceptionally(why));
  }
}
