package dev.swarm.cli.node.engineapi.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.swarm.cli.node.engineapi.http.ApiRejection;
import dev.swarm.cli.node.engineapi.http.Body;
import dev.swarm.core.port.Clock;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.CompletableResponseListener;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.InputStreamResponseListener;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.Transport;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;

/** The engine that listens on a unix socket of this machine. */
public final class SocketEngine implements InnerEngine {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration FACTS_PATIENCE = Duration.ofMillis(500);

  /** Before anything is known a client would be told of versions that the engine may not speak. */
  private static final Duration FIRST_PATIENCE = Duration.ofSeconds(5);

  private static final Duration FACTS_LAST = Duration.ofSeconds(10);
  private static final Duration SILENCE_LASTS = Duration.ofSeconds(1);

  /** So long a connection that nothing is under way on is kept for the next call. */
  private static final Duration SPARE_LASTS = Duration.ofSeconds(30);

  private static final int REPLY_BYTES_MAX = 64 << 20;
  private static final int REFUSAL_BYTES_MAX = 1 << 20;

  /** Each followed stream of events has its own. */
  private static final int CONNECTIONS_MAX = 4096;

  private record Known(Optional<EngineFacts> facts, long askedNanos, Duration lasts) {
    boolean isFresh(long nanos) {
      return nanos - askedNanos < lasts.toNanos();
    }
  }

  private final Path socket;
  private final Clock clock;
  private final HttpClient http = new HttpClient();
  private final ReentrantLock asking = new ReentrantLock();
  private volatile Known known = new Known(Optional.empty(), 0, Duration.ZERO);

  public SocketEngine(Path socket, Clock clock) {
    this(socket, clock, SPARE_LASTS);
  }

  public SocketEngine(Path socket, Clock clock, Duration spareLasts) {
    this.socket = socket;
    this.clock = clock;
    http.setIdleTimeout(spareLasts.toMillis());
  }

  @Override
  public void startWith(Server server) {
    http.setExecutor(server.getThreadPool());
    http.setFollowRedirects(false);
    http.setMaxConnectionsPerDestination(CONNECTIONS_MAX);
    server.addBean(http, true);
  }

  @Override
  public Optional<EngineFacts> facts() {
    Known now = known;
    if (now.isFresh(clock.nanoTime())) {
      return now.facts();
    }
    if (now.facts().isEmpty()) {
      asking.lock();
    } else if (!asking.tryLock()) {
      return now.facts();
    }
    try {
      if (!known.isFresh(clock.nanoTime())) {
        known = renewed(known.facts());
      }
      return known.facts();
    } finally {
      asking.unlock();
    }
  }

  /** While the engine restarts clients are told the versions that it had. */
  private Known renewed(Optional<EngineFacts> old) {
    Optional<EngineFacts> asked = ask(old.isEmpty() ? FIRST_PATIENCE : FACTS_PATIENCE);
    return asked.isPresent()
        ? new Known(asked, clock.nanoTime(), FACTS_LAST)
        : new Known(old, clock.nanoTime(), SILENCE_LASTS);
  }

  private Optional<EngineFacts> ask(Duration patience) {
    try {
      ContentResponse version = complete(request("/version"), patience);
      ContentResponse ping = complete(request("/_ping"), patience);
      if (version.getStatus() != 200 || ping.getStatus() != 200) {
        return Optional.empty();
      }
      Map<String, String> headers = new HashMap<>();
      ping.getHeaders()
          .forEach(
              field -> headers.put(field.getName().toLowerCase(Locale.ROOT), field.getValue()));
      return Optional.of(EngineFacts.of(json(version.getContent()), headers));
    } catch (IOException | ApiRejection e) {
      return Optional.empty();
    }
  }

  @Override
  public JsonNode get(String target) {
    return answer(request(target));
  }

  @Override
  public JsonNode post(String target) {
    return answer(request(target).method(HttpMethod.POST));
  }

  @Override
  public JsonNode post(String target, JsonNode body) {
    Request request =
        request(target)
            .method(HttpMethod.POST)
            .body(
                new BytesRequestContent(
                    "application/json", body.toString().getBytes(StandardCharsets.UTF_8)));
    return answer(request);
  }

  private JsonNode answer(Request request) {
    ContentResponse response;
    try {
      response = complete(request, PATIENCE);
    } catch (IOException e) {
      throw ApiRejection.unavailable(String.valueOf(e.getMessage()));
    }
    if (response.getStatus() >= 400) {
      throw refusal(response.getStatus(), response.getContent());
    }
    byte[] body = response.getContent();
    return body.length == 0 ? MissingNode.getInstance() : json(body);
  }

  private ContentResponse complete(Request request, Duration patience) throws IOException {
    try {
      return new CompletableResponseListener(request, REPLY_BYTES_MAX)
          .send()
          .get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw broken(e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      var _ = request.abort(e);
      throw broken(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw broken(e);
    }
  }

  @Override
  public Streaming stream(String target) throws IOException {
    Request request = request(target);
    InputStreamResponseListener listener = new InputStreamResponseListener();
    request.send(listener);
    Response response;
    try {
      response = listener.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw broken(e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      var _ = request.abort(e);
      throw broken(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw broken(e);
    }
    if (response.getStatus() >= 400) {
      try (InputStream body = listener.getInputStream()) {
        throw refusal(response.getStatus(), body.readNBytes(REFUSAL_BYTES_MAX));
      }
    }
    return new Followed(request, listener.getInputStream());
  }

  private record Followed(Request request, InputStream body) implements Streaming {
    @Override
    public void close() throws IOException {
      var _ = request.abort(new IOException("nobody follows any longer"));
      body.close();
    }
  }

  private Request request(String target) {
    return http.newRequest("http://docker" + target)
        .transport(new Transport.TCPUnix(socket))
        // Silence is no sign of death here: a call has its own patience, a stream needs none.
        .idleTimeout(0, TimeUnit.MILLISECONDS);
  }

  private IOException broken(Throwable cause) {
    return new IOException(
        PassThrough.gone(socket, new IOException(String.valueOf(cause.getMessage()), cause))
            .sentence(),
        cause);
  }

  private static JsonNode json(byte[] body) {
    return Body.parse(new String(body, StandardCharsets.UTF_8));
  }

  private static ApiRejection refusal(int status, byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8).strip();
    try {
      String message = Body.parse(text).path("message").asText();
      return new ApiRejection(status, message.isEmpty() ? text : message);
    } catch (ApiRejection notJson) {
      return new ApiRejection(status, text);
    }
  }

  @Override
  public Handler passThrough() {
    return new PassThrough(socket);
  }
}
