package dev.swarm.worker.engine.docker;

import dev.swarm.worker.engine.EngineException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Runs calls to the engine on an executor. A call that the engine does not answer fails as {@link
 * EngineException#isAway() away}, which is no failure of the operation.
 *
 * @param executor must have a thread for every task given to it
 */
record Calls(Executor executor) {
  <T> CompletableFuture<T> run(Supplier<T> call) {
    return CompletableFuture.supplyAsync(() -> answered(call), executor);
  }

  <T, R> CompletableFuture<R> then(CompletableFuture<T> stage, Function<T, R> call) {
    return stage.thenApplyAsync(value -> answered(() -> call.apply(value)), executor);
  }

  private static <T> T answered(Supplier<T> call) {
    try {
      return call.get();
    } catch (ApiException | CompletionException e) {
      Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
      if (cause instanceof ApiException api && api.isUnanswered()) {
        throw EngineException.away(api.text(), api);
      }
      throw e;
    }
  }

  /** Whether a stage failed only because the engine was not there. */
  static boolean isAway(Throwable error) {
    Throwable cause =
        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    return cause instanceof EngineException known && known.isAway();
  }
}
