package dev.swarm.cli.node.engineapi.routes;

import dev.swarm.cli.node.engineapi.http.ApiRejection;
import dev.swarm.cli.node.engineapi.http.Body;
import dev.swarm.cli.node.engineapi.http.ClientWatch;
import dev.swarm.cli.node.engineapi.http.Exchange;
import dev.swarm.cli.node.engineapi.http.QueryFilters;
import dev.swarm.cli.node.engineapi.http.UnixTime;
import dev.swarm.cli.node.engineapi.proxy.InnerEngine;
import dev.swarm.core.port.Clock;
import io.grpc.Context;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Scheduler;

/** Route {@code /events}: the engine's and the swarm's, as one stream. */
final class EventRoutes {
  private final SwarmEvents events;
  private final Optional<InnerEngine> engine;
  private final Clock clock;
  private final Context serving;

  EventRoutes(SwarmEvents events, Optional<InnerEngine> engine, Clock clock, Context serving) {
    this.events = events;
    this.engine = engine;
    this.clock = clock;
    this.serving = serving;
  }

  private record Line(long timeNano, byte[] bytes) {}

  /**
   * What a client asked for.
   *
   * @param now when it did so: what is before is asked of both sides' memory, and sorted
   */
  private record Wish(
      Exchange exchange,
      EventFilter filter,
      Optional<Instant> since,
      Optional<Instant> until,
      Instant now) {
    boolean wantsPast() {
      return since.isPresent() || until.isPresent();
    }

    boolean wantsFuture() {
      return until.isEmpty() || !until.get().isBefore(now);
    }

    boolean isPast(SwarmEvent event) {
      return filter.admits(event)
          && since.filter(event.at()::isBefore).isEmpty()
          && until.filter(event.at()::isAfter).isEmpty();
    }

    /** The engine's path for the past, or for the rest. */
    String past() {
      Instant end = until.filter(now::isAfter).orElse(now);
      return target(since, Optional.of(end));
    }

    String future() {
      return target(Optional.of(now), until);
    }

    private String target(Optional<Instant> from, Optional<Instant> to) {
      StringBuilder target =
          new StringBuilder(exchange.request().getHttpURI().getPath()).append('?');
      from.ifPresent(time -> target.append("since=").append(UnixTime.format(time)).append('&'));
      to.ifPresent(time -> target.append("until=").append(UnixTime.format(time)).append('&'));
      exchange
          .parameter("filters")
          .map(text -> URLEncoder.encode(text, StandardCharsets.UTF_8))
          .ifPresent(text -> target.append("filters=").append(text));
      return target.toString();
    }
  }

  void stream(Exchange exchange) throws IOException {
    Wish wish =
        new Wish(
            exchange,
            new EventFilter(QueryFilters.of(exchange)),
            exchange.parameter("since").map(text -> UnixTime.parse("since", text)),
            exchange.parameter("until").map(text -> UnixTime.parse("until", text)),
            clock.now());
    if (wish.since().isPresent() && wish.until().filter(wish.since().get()::isAfter).isPresent()) {
      throw ApiRejection.badRequest(
          "`since` time cannot be after `until` time: nothing lies between them");
    }
    EventFeed feed = new EventFeed();
    Consumer<SwarmEvent> follower =
        event -> {
          if (wish.filter().admits(event)) {
            feed.offer(line(event));
          }
        };
    List<SwarmEvent> last = events.follow(follower);
    try {
      List<Line> past = wish.wantsPast() ? past(wish, last) : List.of();
      if (wish.wantsFuture()) {
        follow(wish, past, feed);
      } else {
        write(exchange, past);
      }
    } finally {
      events.unfollow(follower);
    }
  }

  private List<Line> past(Wish wish, List<SwarmEvent> last) {
    List<Line> lines = new ArrayList<>();
    last.stream()
        .filter(wish::isPast)
        .forEach(event -> lines.add(new Line(event.timeNano(), line(event))));
    if (engine.isPresent()) {
      try (InnerEngine.Streaming reply = engine.get().stream(wish.past())) {
        eachLine(reply, text -> lines.add(new Line(timeNano(text), bytes(text))));
      } catch (IOException e) {
        throw ApiRejection.unavailable(String.valueOf(e.getMessage()));
      }
    }
    lines.sort(Comparator.comparingLong(Line::timeNano));
    return lines;
  }

  private static void write(Exchange exchange, List<Line> past) throws IOException {
    try (OutputStream out = exchange.stream("application/json")) {
      for (Line line : past) {
        out.write(line.bytes());
      }
    }
  }

  private void follow(Wish wish, List<Line> past, EventFeed feed) throws IOException {
    Optional<InnerEngine.Streaming> live = live(wish);
    Request client = wish.exchange().request();
    ClientWatch watch = new ClientWatch(client, feed::end);
    Context.CancellationListener stopping = _ -> feed.end();
    serving.addListener(stopping, Runnable::run);
    Scheduler.Task timer = endAtUntil(wish, client.getComponents().getScheduler(), feed);
    try (OutputStream out = wish.exchange().stream("application/json")) {
      live.ifPresent(
          reply -> client.getComponents().getExecutor().execute(() -> copy(reply, feed)));
      watch.start();
      for (Line line : past) {
        out.write(line.bytes());
      }
      for (byte[] line = feed.next(); line.length > 0; line = feed.next()) {
        out.write(line);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the daemon stops");
    } finally {
      var _ = timer.cancel();
      serving.removeListener(stopping);
      watch.stop();
      if (live.isPresent()) {
        live.get().close();
      }
    }
  }

  private static Scheduler.Task endAtUntil(Wish wish, Scheduler scheduler, EventFeed feed) {
    if (wish.until().isEmpty()) {
      return () -> true;
    }
    long millis = Duration.between(wish.now(), wish.until().get()).toMillis();
    return scheduler.schedule(feed::end, millis, TimeUnit.MILLISECONDS);
  }

  private Optional<InnerEngine.Streaming> live(Wish wish) {
    if (engine.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(engine.get().stream(wish.future()));
    } catch (IOException e) {
      throw ApiRejection.unavailable(String.valueOf(e.getMessage()));
    }
  }

  /**
   * When the engine's stream ends, all does: the client would not know that it misses something.
   */
  private static void copy(InnerEngine.Streaming reply, EventFeed feed) {
    try {
      eachLine(reply, text -> feed.offer(bytes(text)));
    } catch (IOException e) {
      // Aborted by us, or the engine ended: the same to the client.
    } finally {
      feed.end();
    }
  }

  private static void eachLine(InnerEngine.Streaming reply, Consumer<String> to)
      throws IOException {
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(reply.body(), StandardCharsets.UTF_8));
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      if (!line.isBlank()) {
        to.accept(line);
      }
    }
  }

  private static long timeNano(String line) {
    return Body.parse(line).path("timeNano").asLong();
  }

  private static byte[] line(SwarmEvent event) {
    return bytes(event.json().toString());
  }

  private static byte[] bytes(String line) {
    return (line + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
