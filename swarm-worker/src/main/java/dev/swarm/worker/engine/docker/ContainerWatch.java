package dev.swarm.worker.engine.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import dev.swarm.worker.engine.EngineException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for containers to reach a state, all over one stream of the engine's events: an event only
 * says which container to inspect, and whenever the stream begins anew all of them are. Safe for
 * use by many threads.
 */
final class ContainerWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ContainerWatch.class);
  private static final Duration RECONNECT_MAX = Duration.ofSeconds(2);
  private static final String PATH =
      "/events?filters="
          + EngineApi.escape(
              "{\"type\":[\"container\"],\"label\":[\"com.docker.swarm.task\"],"
                  + "\"event\":[\"die\",\"destroy\",\"health_status\"]}");

  private final EngineApi api;
  private final Executor executor;
  private final List<Waiter> waiters = new CopyOnWriteArrayList<>();
  private volatile @Nullable Response stream;
  private volatile boolean closed;

  private record Waiter(
      String containerId, Predicate<JsonNode> reached, CompletableFuture<JsonNode> future) {}

  /**
   * @param executor must have a thread for every task given to it
   */
  ContainerWatch(EngineApi api, Executor executor) {
    this.api = api;
    this.executor = executor;
  }

  void start() {
    executor.execute(this::run);
  }

  /**
   * Completes with what the engine says of the container as soon as {@code reached} accepts it.
   * Fails with an {@link EngineException} when there is no such container any more.
   */
  CompletableFuture<JsonNode> until(String containerId, Predicate<JsonNode> reached) {
    Waiter waiter = new Waiter(containerId, reached, new CompletableFuture<>());
    waiters.add(waiter);
    executor.execute(() -> check(waiter));
    return waiter.future();
  }

  private void check(Waiter waiter) {
    try {
      JsonNode container = api.get("/containers/" + waiter.containerId() + "/json");
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

  private void run() {
    Duration wait = Duration.ofMillis(100);
    while (!closed) {
      try (Response events = api.stream("GET", PATH, Map.of())) {
        stream = events;
        wait = Duration.ofMillis(100);
        List.copyOf(waiters).forEach(waiter -> executor.execute(() -> check(waiter)));
        read(events);
      } catch (ApiException | IOException e) {
        if (!closed && wait.toMillis() == 100) {
          LOG.warn("the engine's events broke off, trying again: {}", e.getMessage());
        }
      }
      try {
        Thread.sleep(wait);
      } catch (InterruptedException e) {
        return;
      }
      wait =
          wait.multipliedBy(2).compareTo(RECONNECT_MAX) > 0 ? RECONNECT_MAX : wait.multipliedBy(2);
    }
  }

  private void read(Response events) throws IOException {
    try (MappingIterator<JsonNode> iterator =
        EngineApi.JSON.readerFor(JsonNode.class).readValues(events.getBody())) {
      while (!closed && iterator.hasNextValue()) {
        changed(iterator.nextValue().path("Actor").path("ID").asText());
      }
    }
  }

  private void changed(String containerId) {
    for (Waiter waiter : new ArrayList<>(waiters)) {
      if (waiter.containerId().equals(containerId)) {
        executor.execute(() -> check(waiter));
      }
    }
  }

  /** Waits no more; stages that are open stay so. */
  @Override
  public void close() {
    closed = true;
    Response open = stream;
    if (open != null) {
      open.close();
    }
  }
}
