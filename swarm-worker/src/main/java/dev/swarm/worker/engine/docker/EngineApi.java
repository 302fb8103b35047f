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

/**
 * The local engine's socket, for the worker and for the API front: the Docker Engine API as plain
 * JSON over docker-java's transport: its typed model lacks fields that services have. Each call has
 * a connection of its own, so that none finds out that its engine was started anew since the last
 * one. Calls block; safe for use by many threads.
 */
public final class EngineApi implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final int ERROR_BYTES_MAX = 1 << 20;
  private static final int REPLY_BYTES_MAX = 64 << 20;

  /** Each followed stream has one of its own. */
  private static final int CONNECTIONS_MAX = 4096;

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration CALL_TIMEOUT = Duration.ofMinutes(2);

  private final DockerHttpClient calls;
  private final DockerHttpClient streams;

  /**
   * @param engine {@code unix:///path} or {@code tcp://host:port}
   */
  public EngineApi(URI engine) {
    this(engine, CALL_TIMEOUT);
  }

  /**
   * @param patience how long a call waits for a sign of the engine
   */
  public EngineApi(URI engine, Duration patience) {
    calls = client(engine, patience);
    streams = client(engine, Duration.ZERO);
  }

  private static DockerHttpClient client(URI engine, Duration responseTimeout) {
    ZerodepDockerHttpClient.Builder builder =
        new ZerodepDockerHttpClient.Builder()
            .dockerHost(engine)
            .maxConnections(CONNECTIONS_MAX)
            .connectionTimeout(CONNECT_TIMEOUT);
    return responseTimeout.isZero()
        ? builder.build()
        : builder.responseTimeout(responseTimeout).build();
  }

  public JsonNode get(String path) {
    return call(request("GET", path).build(), calls);
  }

  /** A POST without a body. */
  public JsonNode post(String path) {
    return call(request("POST", path).build(), calls);
  }

  /** The headers of the reply to a GET, names in lower case. */
  public Map<String, String> headers(String path) {
    try (Response response = execute(request("GET", path).build(), calls)) {
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

  /** Opens the reply to a GET that may go on for ever. */
  public Followed follow(String path) {
    Response response = stream("GET", path, Map.of());
    return new Followed(response.getBody(), response);
  }

  public JsonNode post(String path, JsonNode body) {
    Request request =
        request("POST", path)
            .putHeader("Content-Type", "application/json")
            .bodyBytes(body.toString().getBytes(StandardCharsets.UTF_8))
            .build();
    return call(request, calls);
  }

  /** A POST without a body that may take as long as it likes. */
  JsonNode postSlowly(String path) {
    return call(request("POST", path).build(), streams);
  }

  JsonNode delete(String path) {
    return call(request("DELETE", path).build(), calls);
  }

  /** Opens a response to read piece by piece. The caller closes it. */
  Response stream(String method, String path, Map<String, String> headers) {
    Request request = request(method, path).putAllHeaders(headers).build();
    Response response = execute(request, streams);
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

  private static JsonNode call(Request request, DockerHttpClient client) {
    try (Response response = execute(request, client)) {
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

  private static Response execute(Request request, DockerHttpClient client) {
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
    try {
      calls.close();
      streams.close();
    } catch (IOException e) {
      throw new ApiException(0, "closing: " + e.getMessage());
    }
  }
}
