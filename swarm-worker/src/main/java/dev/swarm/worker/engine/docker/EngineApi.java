package dev.swarm.worker.engine.docker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The local engine's socket, for the worker and for the API front: the Docker Engine API as plain
 * JSON over docker-java's transport: its typed model lacks fields that services have. Each call has
 * a connection of its own, so that none finds out that its engine was started anew since the last
 * one. Calls block; safe for use by many threads.
 */
public final class EngineApi implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EngineApi.class);
  static final ObjectMapper JSON = new ObjectMapper();
  private static final int ERROR_BYTES_MAX = 1 << 20;
  private static final int REPLY_BYTES_MAX = 64 << 20;

  /** Each followed stream has one of its own. */
  private static final int CONNECTIONS_MAX = 4096;

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration CALL_TIMEOUT = Duration.ofMinutes(2);

  private final DockerHttpClient client;
  private final Duration patience;

  /** Where calls run, so that one can be broken off. */
  private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * @param engine {@code unix:///path} or {@code tcp://host:port}
   */
  public EngineApi(URI engine) {
    this(engine, CALL_TIMEOUT);
  }

  /**
   * @param patience how long a call may take
   */
  public EngineApi(URI engine, Duration patience) {
    // Its own time-outs for replies have no effect on unix sockets.
    client =
        new ZerodepDockerHttpClient.Builder()
            .dockerHost(engine)
            .maxConnections(CONNECTIONS_MAX)
            .connectionTimeout(CONNECT_TIMEOUT)
            .build();
    this.patience = patience;
  }

  public JsonNode get(String path) {
    return call(request("GET", path).build());
  }

  /** A POST without a body. */
  public JsonNode post(String path) {
    return call(request("POST", path).build());
  }

  /** The headers of the reply to a GET, names in lower case. */
  public Map<String, String> headers(String path) {
    return within(() -> headersOf(path), _ -> {});
  }

  private Map<String, String> headersOf(String path) {
    try (Response response = execute(request("GET", path).build())) {
      if (response.getStatusCode() >= 400) {
        throw error(response);
      }
      Map<String, String> headers = new HashMap<>();
      response
          .getHeaders()
          .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getLast()));
      return headers;
    }
  }

  /** A reply as it comes; closing it, from any thread, breaks it off. */
  public record Followed(InputStream body, Closeable call) implements Closeable {
    @Override
    public void close() throws IOException {
      call.close();
    }
  }

  /** Opens the reply to a GET that may go on for ever, but has to begin as soon as a call ends. */
  public Followed follow(String path) {
    Response response = within(() -> stream("GET", path, Map.of()), EngineApi::closeUnwanted);
    return new Followed(response.getBody(), response);
  }

  public JsonNode post(String path, JsonNode body) {
    Request request =
        request("POST", path)
            .putHeader("Content-Type", "application/json")
            .bodyBytes(body.toString().getBytes(StandardCharsets.UTF_8))
            .build();
    return call(request);
  }

  /** A POST without a body that may take as long as it likes. */
  JsonNode postSlowly(String path) {
    return reply(request("POST", path).build());
  }

  JsonNode delete(String path) {
    return call(request("DELETE", path).build());
  }

  /** Opens a response to read piece by piece. The caller closes it. */
  Response stream(String method, String path, Map<String, String> headers) {
    Request request = request(method, path).putAllHeaders(headers).build();
    Response response = execute(request);
    if (response.getStatusCode() >= 400) {
      try (response) {
        throw error(response);
      }
    }
    return response;
  }

  private static Request.Builder request(String method, String path) {
    return Request.builder()
        .method(Request.Method.valueOf(method))
        .path(path)
        .putHeader("Connection", "close");
  }

  private JsonNode call(Request request) {
    return within(() -> reply(request), _ -> {});
  }

  /**
   * The result of {@code call}. One that takes longer is interrupted, which closes its connection.
   *
   * @param unwanted takes a result that comes too late
   */
  private <T> T within(Supplier<T> call, Consumer<T> unwanted) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Future<?> caller =
        started(
            () -> {
              try {
                T value = call.get();
                if (!result.complete(value)) {
                  unwanted.accept(value);
                }
              } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
              }
            });
    try {
      return result.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw ApiException.unanswered(
          "the engine cannot be reached",
          "it did not answer within " + patience.toMillis() + " ms");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ApiException.unanswered("the engine was not waited for", "interrupted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ApiException refusal) {
        throw refusal;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      if (result.cancel(false)) {
        var _ = caller.cancel(true);
      }
    }
  }

  private Future<?> started(Runnable call) {
    try {
      return callers.submit(call);
    } catch (RejectedExecutionException e) {
      throw ApiException.unanswered("the engine cannot be reached", "this daemon stops");
    }
  }

  private static void closeUnwanted(Response response) {
    try {
      response.close();
    } catch (RuntimeException e) {
      LOG.debug("a late reply could not be closed", e);
    }
  }

  private JsonNode reply(Request request) {
    try (Response response = execute(request)) {
      if (response.getStatusCode() >= 400) {
        throw error(response);
      }
      InputStream body = response.getBody();
      byte[] bytes = body == null ? new byte[0] : body.readNBytes(REPLY_BYTES_MAX + 1);
      if (bytes.length > REPLY_BYTES_MAX) {
        throw new IOException("its reply is longer than " + REPLY_BYTES_MAX + " bytes");
      }
      return bytes.length == 0 ? MissingNode.getInstance() : JSON.readTree(bytes);
    } catch (IOException e) {
      throw ApiException.unanswered("the engine broke off", String.valueOf(e.getMessage()));
    }
  }

  private Response execute(Request request) {
    try {
      return client.execute(request);
    } catch (RuntimeException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw ApiException.unanswered(
          "the engine cannot be reached", String.valueOf(cause.getMessage()));
    }
  }

  private static ApiException error(Response response) {
    String text;
    try (InputStream body = response.getBody()) {
      text = new String(body.readNBytes(ERROR_BYTES_MAX), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      text = "";
    }
    return new ApiException(response.getStatusCode(), message(text, response.getStatusCode()));
  }

  private static String message(String text, int status) {
    try {
      JsonNode message = JSON.readTree(text).path("message");
      if (message.isTextual() && !message.asText().isEmpty()) {
        return message.asText();
      }
    } catch (JsonProcessingException e) {
      // Not every engine wraps its errors.
    }
    return text.isEmpty() ? "the engine answered " + status : text;
  }

  /** {@code value} as part of a URL's path or query. */
  static String escape(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public void close() {
    var _ = callers.shutdownNow();
    try {
      client.close();
    } catch (IOException e) {
      throw new ApiException(0, "closing: " + e.getMessage());
    }
  }
}
