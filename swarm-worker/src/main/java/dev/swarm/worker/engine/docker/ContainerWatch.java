package dev.swarm.worker.engine.docker;

import dev.swarm.worker.engine.EngineException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Waits for containers to reach a state, all over one stream of the engine's events: an event only
 * says which container to inspect, and whenever the stream begins anew all of them are. Safe for
 * use by many threads.
 */
final class ContainerWatch implements AutoCloseable {
  private static final String FILTERS =
      "{\"type\":[\"container\"],\"label\":[\"com.docker.swarm.task\"],"
          + "\"event\":[\"die\",\"destroy\",\"health_status\"]}";

  private final Function<String, Container> inspect;
  private final Executor executor;
  private final List<Waiter> waiters = new CopyOnWriteArrayList<>();
  private final EventStream events;

  private record Waiter(
      String containerId, Predicate<Container> reached, CompletableFuture<Container> future) {}

  /**
   * @param inspect a container by its id
   * @param executor must have a thread for every task given to it
   */
  ContainerWatch(EngineApi api, Function<String, Container> inspect, Executor executor) {
    this.inspect = inspect;
    this.executor = executor;
    events =
        new EventStream(
            api,
            FILTERS,
            () -> waiters.forEach(waiter -> executor.execute(() -> check(waiter))),
            event -> changed(event.path("Actor").path("ID").asText()));
  }

  void start() {
    events.start(executor);
  }

  /**
   * Completes with what the engine says of the container as soon as {@code reached} accepts it.
   * Fails with an {@link EngineException} when there is no such container any more.
   */
  CompletableFuture<Container> until(String containerId, Predicate<Container> reached) {
    Waiter waiter = new Waiter(containerId, reached, new CompletableFuture<>());
    waiters.add(waiter);
    executor.execute(() -> check(waiter));
    return waiter.future();
  }

  private void check(Waiter waiter) {
    try {
      Container container = inspect.apply(waiter.containerId());
      if (waiter.reached().test(container) && waiters.remove(waiter)) {
        waiter.future().complete(container);
      }
    } catch (ApiException e) {
      if (e.status() == 404 && waiters.remove(waiter)) {
        waiter.future().completeExceptionally(new EngineException("the container was removed"));
      }
      // Otherwise the engine is away: when it is back, its event stream begins anew.
    }
  }

  private void changed(String containerId) {
    for (Waiter waiter : waiters) {
      if (waiter.containerId().equals(containerId)) {
        executor.execute(() -> check(waiter));
      }
    }
  }

  /** Waits no more; stages that are open stay so. */
  @Override
  public void close() {
    events.close();
  }
}
