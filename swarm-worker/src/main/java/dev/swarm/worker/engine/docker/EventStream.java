package dev.swarm.worker.engine.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import dev.swarm.core.retry.Backoff;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stream of the engine's events: when it breaks off, a new one is opened. */
final class EventStream implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);
  private static final Backoff RECONNECTS =
      new Backoff(Duration.ofMillis(100), Duration.ofSeconds(2));

  private final EngineApi api;
  private final String path;
  private final Runnable opened;
  private final Runnable silent;
  private final Consumer<JsonNode> event;
  private volatile @Nullable Response stream;
  private volatile boolean closed;

  /**
   * @param filters the engine's, in JSON
   * @param opened events may have been missed before this; called, as {@code event} is, on the
   *     stream's own thread
   * @param silent called for each attempt that the engine does not answer
   */
  EventStream(
      EngineApi api, String filters, Runnable opened, Runnable silent, Consumer<JsonNode> event) {
    this.api = api;
    this.path = "/events?filters=" + EngineApi.escape(filters);
    this.opened = opened;
    this.silent = silent;
    this.event = event;
  }

  /**
   * @param executor must have a thread for every task given to it
   */
  void start(Executor executor) {
    executor.execute(this::run);
  }

  private void run() {
    Duration wait = RECONNECTS.first();
    while (!closed) {
      try (Response events = api.stream("GET", path, Map.of())) {
        stream = events;
        wait = RECONNECTS.first();
        opened.run();
        read(events);
      } catch (ApiException | IOException e) {
        if (!closed && wait.equals(RECONNECTS.first())) {
          LOG.warn("the engine's events broke off, trying again: {}", e.getMessage());
        }
        if (!(e instanceof ApiException refusal) || refusal.isUnanswered()) {
          silent.run();
        }
      } catch (RuntimeException e) {
        LOG.error("a fault while the engine's events were read; trying again", e);
        wait = RECONNECTS.max();
      }
      try {
        Thread.sleep(wait);
      } catch (InterruptedException e) {
        return;
      }
      wait = RECONNECTS.after(wait);
    }
  }

  private void read(Response events) throws IOException {
    try (MappingIterator<JsonNode> iterator =
        EngineApi.JSON.readerFor(JsonNode.class).readValues(events.getBody())) {
      while (!closed && iterator.hasNextValue()) {
        told(iterator.nextValue());
      }
    }
  }

  /** What cannot be made sense of does not keep the next event from being told. */
  private void told(JsonNode what) {
    try {
      event.accept(what);
    } catch (RuntimeException e) {
      LOG.error("an event of the engine could not be handled, and is skipped", e);
    }
  }

  @Override
  public void close() {
    closed = true;
    Response open = stream;
    if (open != null) {
      open.close();
    }
  }
}
