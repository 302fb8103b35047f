package dev.swarm.worker.engine.docker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/**
 * The Docker Engine API as plain JSON over docker-java's transport: its typed model lacks fields
 * that services have. Each call has a connection of its own, so that none finds out that its engine
 * was started anew since the last one. Calls block; safe for use by many threads.
 */
final class EngineApi implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final int ERROR_BYTES_MAX = 64 << 10;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration CALL_TIMEOUT = Duration.ofMinutes(2);

  private final DockerHttpClient calls;
  private final DockerHttpClient streams;

  /**
   * @param engine {@code unix:///path} or {@code tcp://host:port}
   */
  EngineApi(URI engine) {
    calls = client(engine, CALL_TIMEOUT);
    streams = client(engine, Duration.ZERO);
  }

  private static DockerHttpClient client(URI engine, Duration responseTimeout) {
    ZerodepDockerHttpClient.Builder builder =
        new ZerodepDockerHttpClient.Builder()
            .dockerHost(engine)
            .maxConnections(1000)
            .connectionTimeout(CONNECT_TIMEOUT);
    return responseTimeout.isZero()
        ? builder.build()
        : builder.responseTimeout(responseTimeout).build();
  }

  JsonNode get(String path) {
    return call(request("GET", path).build(), calls);
  }

  JsonNode post(String path, JsonNode body) {
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
      byte[] bytes = body == null ? new byte[0] : body.readAllBytes();
      return bytes.length == 0 ? MissingNode.getInstance() : JSON.readTree(bytes);
    } catch (IOException e) {
      throw new ApiException(ApiException.UNANSWERED, "the engine broke off: " + e.getMessage());
    }
  }

  private static Response execute(Request request, DockerHttpClient client) {
    try {
      return client.execute(request);
    } catch (RuntimeException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new ApiException(
          ApiException.UNANSWERED, "the engine cannot be reached: " + cause.getMessage());
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
