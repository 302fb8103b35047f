package dev.swarm.worker.engine.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import dev.swarm.core.docker.ImageReference;
import dev.swarm.core.port.Clock;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pulls images, one pull an image at a time however many tasks want it. A pull that fails is no
 * error here: whether the image exists shows when a container is created from it. Safe for use by
 * many threads.
 */
final class ImagePuller {
  private static final Logger LOG = LoggerFactory.getLogger(ImagePuller.class);
  private static final Duration PULL_MAX = Duration.ofMinutes(30);
  // With the image at hand, a registry that does not even answer is not worth waiting for.
  private static final Duration SILENCE_MAX = Duration.ofSeconds(5);
  private static final Duration FAILURE_REMEMBERED = Duration.ofSeconds(60);
  private static final int FAILURES_REMEMBERED_MAX = 1000;

  private final EngineApi api;
  private final Executor executor;
  private final Clock clock;
  private final boolean preferLocal;
  private final ConcurrentHashMap<String, CompletableFuture<Void>> pulls =
      new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, Long> failures = new ConcurrentHashMap<>();

  /**
   * @param preferLocal never to pull at all
   */
  ImagePuller(EngineApi api, Executor executor, Clock clock, boolean preferLocal) {
    this.api = api;
    this.executor = executor;
    this.clock = clock;
    this.preferLocal = preferLocal;
  }

  /**
   * Completes when the newest {@code image} is there or cannot be had; fails if the engine was
   * away, with an {@link ApiException} that says so.
   */
  CompletableFuture<Void> pull(String image, String registryAuth) {
    if (preferLocal) {
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<Void> mine = new CompletableFuture<>();
    // Another's credentials must not decide about this task's pull.
    String key = image + '\n' + registryAuth;
    CompletableFuture<Void> running = pulls.putIfAbsent(key, mine);
    if (running != null) {
      return running;
    }
    executor.execute(
        () -> {
          try {
            pullNow(image, registryAuth);
            pulls.remove(key);
            mine.complete(null);
          } catch (RuntimeException e) {
            pulls.remove(key);
            mine.completeExceptionally(e);
          }
        });
    return mine;
  }

  private void pullNow(String image, String registryAuth) {
    boolean local = isLocal(image);
    if (local && (image.contains("@") || failedLately(image))) {
      return;
    }
    String failure = fetch(image, registryAuth, local);
    if (failure.isEmpty()) {
      failures.remove(image);
      return;
    }
    if (!failedLately(image)) {
      if (local) {
        // As it is with every image that was only built here.
        LOG.debug("{} is not pulled, and the local image is used: {}", image, failure);
      } else {
        LOG.warn("cannot pull {}: {}", image, failure);
      }
    }
    if (failures.size() >= FAILURES_REMEMBERED_MAX) {
      failures.clear();
    }
    failures.put(image, clock.nanoTime());
  }

  private boolean failedLately(String image) {
    Long at = failures.get(image);
    return at != null && clock.nanoTime() - at < FAILURE_REMEMBERED.toNanos();
  }

  private boolean isLocal(String image) {
    try {
      api.get("/images/" + image + "/json");
      return true;
    } catch (ApiException e) {
      throwIfAway(e);
      return false;
    }
  }

  /**
   * @return why it failed; empty if it did not
   */
  private String fetch(String image, String registryAuth, boolean local) {
    CompletableFuture<Response> response =
        CompletableFuture.supplyAsync(
            () -> api.stream("POST", path(image), headers(registryAuth)), executor);
    CompletableFuture<Void> spoke = new CompletableFuture<>();
    CompletableFuture<String> outcome =
        response
            .thenApplyAsync(open -> read(open, spoke), executor)
            .exceptionally(ImagePuller::failure);
    try {
      Duration first = local ? SILENCE_MAX : PULL_MAX;
      CompletableFuture.anyOf(spoke, outcome).get(first.toMillis(), TimeUnit.MILLISECONDS);
      return outcome.get(PULL_MAX.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return "the registry does not answer";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    } catch (ExecutionException e) {
      return failure(e);
    } finally {
      var _ = response.whenComplete((open, error) -> closeUnlessDone(open, outcome));
    }
  }

  private static void closeUnlessDone(@Nullable Response open, CompletableFuture<String> outcome) {
    if (open != null && !outcome.isDone()) {
      open.close();
    }
  }

  private static String read(Response response, CompletableFuture<Void> spoke) {
    try (response;
        MappingIterator<JsonNode> lines =
            EngineApi.JSON.readerFor(JsonNode.class).readValues(response.getBody())) {
      String error = "";
      while (lines.hasNextValue()) {
        spoke.complete(null);
        error = lines.nextValue().path("error").asText(error);
      }
      return error;
    } catch (IOException e) {
      throw new ApiException(
          ApiException.UNANSWERED, "the engine broke off a pull: " + e.getMessage());
    }
  }

  private static String failure(Throwable error) {
    Throwable cause = error.getCause() == null ? error : error.getCause();
    throwIfAway(cause);
    return String.valueOf(cause.getMessage());
  }

  private static void throwIfAway(Throwable cause) {
    if (cause instanceof ApiException api && api.isUnanswered()) {
      throw api;
    }
  }

  private static Map<String, String> headers(String registryAuth) {
    return registryAuth.isEmpty() ? Map.of() : Map.of("X-Registry-Auth", registryAuth);
  }

  /** Name and tag apart, or the engine would fetch all tags; a digest takes the tag's place. */
  static String path(String image) {
    ImageReference name = ImageReference.parse(image);
    return "/images/create?fromImage="
        + EngineApi.escape(name.name())
        + "&tag="
        + EngineApi.escape(name.version());
  }
}
