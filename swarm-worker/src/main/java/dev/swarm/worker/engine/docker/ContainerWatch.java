package dev.swarm.worker.engine.docker;

import dev.swarm.worker.engine.EngineException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for containers to reach a state, all over one stream of the engine's events: an event only
 * says which container to inspect, and whenever the stream begins anew all of them are inspected.
 * Engines differ in the events that they send, so now and then all containers are inspected without
 * one. Safe for use by many threads.
 */
final class ContainerWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ContainerWatch.class);
  static final Duration ROUND = Duration.ofSeconds(10);

  // Not every engine takes a label without its value for one with any.
  private static final String FILTERS =
      "{\"type\":[\"container\"],\"label\":[\"com.docker.swarm.task=\"],"
          + "\"event\":[\"die\",\"destroy\",\"health_status\"]}";

  private final TaskContainers containers;
  private final Executor executor;
  private final List<Waiter> waiters = new CopyOnWriteArrayList<>();
  private final EventStream events;
  private volatile boolean closed;

  private static final class Waiter {
    private final String containerId;
    private final Predicate<Container> reached;
    private final CompletableFuture<Container> future = new CompletableFuture<>();
    // Health is not among what a list of containers tells in the same words everywhere.
    private volatile boolean hasHealth;

    Waiter(String containerId, Predicate<Container> reached) {
      this.containerId = containerId;
      this.reached = reached;
    }
  }

  /**
   * @param presence is told whether the stream of events is open
   * @param executor must have a thread for every task given to it
   */
  ContainerWatch(
      EngineApi api, TaskContainers containers, EngineAvailability presence, Executor executor) {
    this.containers = containers;
    this.executor = executor;
    events =
        new EventStream(
            api,
            FILTERS,
            () -> {
              presence.answered();
              waiters.forEach(this::checkSoon);
            },
            presence::unanswered,
            event -> changed(event.path("Actor").path("ID").asText()));
  }

  void start() {
    events.start(executor);
    executor.execute(this::goRound);
  }

  private void goRound() {
    while (!closed) {
      try {
        Thread.sleep(ROUND);
      } catch (InterruptedException e) {
        return;
      }
      try {
        checkAll();
      } catch (RuntimeException e) {
        // Of one round, not of the watch: nobody else would notice what ended without an event.
        LOG.error("the containers could not be inspected, trying again in the next round", e);
      }
    }
  }

  /** Looks at every container that somebody waits for and that may not be as it was. */
  void checkAll() {
    if (waiters.isEmpty()) {
      return;
    }
    Map<String, String> states;
    try {
      states =
          StreamSupport.stream(containers.ofAllTasks().spliterator(), false)
              .collect(
                  Collectors.toMap(
                      each -> each.path("Id").asText(),
                      each -> each.path("State").asText(),
                      (one, other) -> other));
    } catch (ApiException e) {
      return; // When it is back, its event stream begins anew.
    }
    for (Waiter waiter : waiters) {
      if (waiter.hasHealth || !"running".equals(states.get(waiter.containerId))) {
        checkSoon(waiter);
      }
    }
  }

  /**
   * Completes with what the engine says of the container as soon as {@code reached} accepts it.
   * Fails with an {@link EngineException} when there is no such container any more.
   */
  CompletableFuture<Container> until(String containerId, Predicate<Container> reached) {
    Waiter waiter = new Waiter(containerId, reached);
    waiters.add(waiter);
    checkSoon(waiter);
    return waiter.future;
  }

  private void checkSoon(Waiter waiter) {
    executor.execute(() -> check(waiter));
  }

  private void check(Waiter waiter) {
    try {
      Container container = containers.inspect(waiter.containerId);
      waiter.hasHealth = container.hasHealth();
      if (waiter.reached.test(container) && waiters.remove(waiter)) {
        waiter.future.complete(container);
      }
    } catch (ApiException e) {
      if (e.status() == 404 && waiters.remove(waiter)) {
        waiter.future.completeExceptionally(new EngineException("the container was removed"));
      }
      // Otherwise the engine is away: when it is back, its event stream begins anew.
    } catch (RuntimeException e) {
      LOG.error(
          "container {} could not be inspected, trying again in the next round",
          waiter.containerId,
          e);
    }
  }

  private void changed(String containerId) {
    for (Waiter waiter : waiters) {
      if (waiter.containerId.equals(containerId)) {
        checkSoon(waiter);
      }
    }
  }

  /** Waits no more; stages that are open stay so. */
  @Override
  public void close() {
    closed = true;
    events.close();
  }
}
