package dev.swarm.worker.engine.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.worker.engine.docker.FakeDocker.Reply;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EventStreamTest {
  private static final int REFUSALS = 2;

  @TempDir Path directory;

  @Test
  void anEngineThatRefusesIsNotSilent() throws Exception {
    CompletableFuture<Integer> asked = new CompletableFuture<>();
    try (FakeDocker docker = new FakeDocker(directory);
        EngineApi api = new EngineApi(docker.address());
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        EventStream events =
            new EventStream(
                api,
                "{}",
                () -> asked.completeExceptionally(new AssertionError("it was refused")),
                () -> asked.complete(docker.requests.size()),
                event -> {})) {
      docker.hasEvents = false;
      docker.answer =
          request ->
              docker.requests.size() <= REFUSALS
                  ? Optional.of(new Reply(500, "{}"))
                  : Optional.empty();
      events.start(executor);
      assertTrue(asked.get(1, TimeUnit.MINUTES) > REFUSALS, "a refusal counted as silence");
    }
  }

  /** A mistake of whoever is told, or an event of a kind that nobody thought of. */
  @Test
  void whatGoesWrongWithOneEventOrOneStreamEndsNeither() throws Exception {
    AtomicInteger opened = new AtomicInteger();
    LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();
    try (FakeDocker docker = new FakeDocker(directory);
        EngineApi api = new EngineApi(docker.address());
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        EventStream events =
            new EventStream(
                api,
                "{}",
                () -> {
                  if (opened.incrementAndGet() == 1) {
                    throw new IllegalStateException("when it was opened");
                  }
                  told.add("opened");
                },
                () -> {},
                event -> {
                  told.add(event.path("id").asText());
                  throw new IllegalStateException("at an event");
                })) {
      docker.hasEvents = false;
      docker.answer = request -> Optional.of(Reply.ok("{\"id\":\"first\"}\n{\"id\":\"second\"}\n"));
      events.start(executor);
      assertEquals("opened", told.poll(1, TimeUnit.MINUTES));
      assertEquals("first", told.poll(1, TimeUnit.MINUTES));
      assertEquals("second", told.poll(1, TimeUnit.MINUTES));
    }
  }
}
