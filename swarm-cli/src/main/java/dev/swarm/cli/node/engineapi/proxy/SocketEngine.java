package dev.swarm.cli.node.engineapi.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.swarm.cli.node.engineapi.http.ApiRejection;
import dev.swarm.core.port.Clock;
import dev.swarm.worker.engine.docker.ApiException;
import dev.swarm.worker.engine.docker.EngineApi;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.LifeCycle;

/** The engine that listens on a unix socket of this machine. */
public final class SocketEngine implements InnerEngine {
  private static final Duration FACTS_PATIENCE = Duration.ofMillis(500);

  /** Before anything is known a client would be told of versions that the engine may not speak. */
  private static final Duration FIRST_PATIENCE = Duration.ofSeconds(5);

  private static final Duration FACTS_LAST = Duration.ofSeconds(10);
  private static final Duration SILENCE_LASTS = Duration.ofSeconds(1);

  private record Known(Optional<EngineFacts> facts, long askedNanos, Duration lasts) {
    boolean isFresh(long nanos) {
      return nanos - askedNanos < lasts.toNanos();
    }
  }

  private final Path socket;
  private final Clock clock;
  private final EngineApi calls;
  private final EngineApi firstWords;
  private final EngineApi words;
  private final ReentrantLock asking = new ReentrantLock();
  private volatile Known known = new Known(Optional.empty(), 0, Duration.ZERO);

  public SocketEngine(Path socket, Clock clock) {
    this.socket = socket;
    this.clock = clock;
    URI engine = URI.create("unix://" + socket);
    calls = new EngineApi(engine);
    firstWords = new EngineApi(engine, FIRST_PATIENCE);
    words = new EngineApi(engine, FACTS_PATIENCE);
  }

  @Override
  public void startWith(Server server) {
    server.addEventListener(
        new LifeCycle.Listener() {
          @Override
          public void lifeCycleStopped(LifeCycle stopped) {
            calls.close();
            firstWords.close();
            words.close();
          }
        });
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
    Optional<EngineFacts> asked = ask(old.isEmpty() ? firstWords : words);
    return asked.isPresent()
        ? new Known(asked, clock.nanoTime(), FACTS_LAST)
        : new Known(old, clock.nanoTime(), SILENCE_LASTS);
  }

  private static Optional<EngineFacts> ask(EngineApi engine) {
    try {
      return Optional.of(EngineFacts.of(engine.get("/version"), engine.headers("/_ping")));
    } catch (ApiException e) {
      return Optional.empty();
    }
  }

  @Override
  public JsonNode get(String target) {
    return answer(() -> calls.get(target));
  }

  @Override
  public JsonNode post(String target) {
    return answer(() -> calls.post(target));
  }

  @Override
  public JsonNode post(String target, JsonNode body) {
    return answer(() -> calls.post(target, body));
  }

  private <T> T answer(Supplier<T> call) {
    try {
      return call.get();
    } catch (ApiException e) {
      throw e.isUnanswered() ? gone(e) : new ApiRejection(e.status(), e.text());
    }
  }

  private ApiRejection gone(ApiException e) {
    return PassThrough.gone(socket, new IOException(e.text(), e));
  }

  @Override
  public Streaming stream(String target) throws IOException {
    try {
      return new Followed(calls.follow(target));
    } catch (ApiException e) {
      if (e.isUnanswered()) {
        throw new IOException(gone(e).sentence(), e);
      }
      throw new ApiRejection(e.status(), e.text());
    }
  }

  private record Followed(EngineApi.Followed reply) implements Streaming {
    @Override
    public InputStream body() {
      return reply.body();
    }

    @Override
    public void close() throws IOException {
      reply.close();
    }
  }

  @Override
  public Handler passThrough() {
    return new PassThrough(socket);
  }
}
