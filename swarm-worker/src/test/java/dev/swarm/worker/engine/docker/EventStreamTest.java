package dev.swarm.worker.engine.docker;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.worker.engine.docker.FakeDocker.Reply;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
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
}
