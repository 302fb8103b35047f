package dev.swarm.cli.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Client of the Docker Engine API of one daemon, on unversioned paths. Connects when first asked
 * and keeps the connection for reads. For one thread.
 *
 * <p>Every method throws {@link DaemonUnreachable} when nobody listens, {@link DaemonRejection} for
 * a status of 400 and up, and another {@link IOException} when the exchange breaks.
 */
public final class ApiClient implements Closeable {
  private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(10);

  /** A join may try an unreachable manager for a while before the daemon answers. */
  private static final Duration REPLY_PATIENCE = Duration.ofMinutes(2);

  private static final Duration FOREVER = Duration.ZERO;
  private static final int ERROR_BYTES_MAX = 1024 * 1024;

  private final Endpoint endpoint;
  private @Nullable HttpConnection idle;

  public ApiClient(Endpoint endpoint) {
    this.endpoint = endpoint;
  }

  public Endpoint endpoint() {
    return endpoint;
  }

  public JsonNode get(Target target) throws IOException {
    return get(target, Map.of());
  }

  public JsonNode get(Target target, Map<String, String> headers) throws IOException {
    HttpConnection kept = idle;
    idle = null;
    if (kept != null) {
      try {
        return answer(kept, "GET", target, headers, null);
      } catch (DaemonRejection e) {
        throw e;
      } catch (IOException e) {
        // The daemon may have closed a connection that we had kept; a read can be asked again.
        kept.close();
      }
    }
    return answer(HttpConnection.open(endpoint, CONNECT_PATIENCE), "GET", target, headers, null);
  }

  public JsonNode post(Target target, @Nullable JsonNode body) throws IOException {
    return post(target, body, Map.of());
  }

  /**
   * @param headers request headers beyond the usual ones
   */
  public JsonNode post(Target target, @Nullable JsonNode body, Map<String, String> headers)
      throws IOException {
    byte[] bytes = body == null ? null : Json.text(body).getBytes(StandardCharsets.UTF_8);
    return answer(HttpConnection.open(endpoint, CONNECT_PATIENCE), "POST", target, headers, bytes);
  }

  public void delete(Target target) throws IOException {
    answer(HttpConnection.open(endpoint, CONNECT_PATIENCE), "DELETE", target, Map.of(), null);
  }

  /** A reply whose body may go on for ever; closing the stream closes its connection. */
  public InputStream stream(Target target) throws IOException {
    HttpConnection connection = HttpConnection.open(endpoint, CONNECT_PATIENCE);
    try {
      HttpReply reply = connection.exchange("GET", target.toString(), Map.of(), null, FOREVER);
      check(reply);
      return new OwningStream(reply.body(), connection);
    } catch (IOException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private JsonNode answer(
      HttpConnection connection,
      String method,
      Target target,
      Map<String, String> headers,
      byte @Nullable [] body)
      throws IOException {
    boolean keep = false;
    try {
      HttpReply reply =
          connection.exchange(method, target.toString(), headers, body, REPLY_PATIENCE);
      check(reply);
      JsonNode answer = Json.read(reply.body());
      keep = reply.reusable() && reply.body().read() < 0;
      return answer;
    } finally {
      if (keep && idle == null) {
        idle = connection;
      } else {
        connection.close();
      }
    }
  }

  private static void check(HttpReply reply) throws IOException {
    if (reply.status() < 400) {
      return;
    }
    String text =
        new String(reply.body().readNBytes(ERROR_BYTES_MAX), StandardCharsets.UTF_8).strip();
    throw new DaemonRejection(reply.status(), OwnWords.of(message(reply, text)));
  }

  private static String message(HttpReply reply, String text) {
    if (text.startsWith("{")) {
      try {
        String message = Json.parse(text).path("message").asText();
        if (!message.isBlank()) {
          return message.strip();
        }
      } catch (IOException e) {
        // Not JSON after all: then the text itself says most.
        return text;
      }
    }
    return text.isEmpty() ? "status " + reply.status() + " without a reason" : text;
  }

  @Override
  public void close() throws IOException {
    if (idle != null) {
      idle.close();
    }
  }

  private static final class OwningStream extends java.io.FilterInputStream {
    private final HttpConnection connection;

    OwningStream(InputStream body, HttpConnection connection) {
      super(body);
      this.connection = connection;
    }

    @Override
    public void close() throws IOException {
      connection.close();
    }
  }
}
