package dev.swarm.cli.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.cli.FakeDaemon;
import dev.swarm.core.net.HostPort;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiClientTest {
  @TempDir Path folder = Path.of("");

  private interface Body {
    void run(ApiClient api, FakeDaemon daemon) throws IOException;
  }

  private void with(Function<FakeDaemon.Request, String> answers, Body body) throws IOException {
    try (FakeDaemon daemon = new FakeDaemon(folder, answers);
        ApiClient api = new ApiClient(Endpoint.parse(daemon.host()))) {
      body.run(api, daemon);
    }
  }

  @Test
  void readsABodyOfKnownLength() throws IOException {
    with(
        request -> FakeDaemon.ok("{'a':[1,2]}"),
        (api, daemon) -> {
          assertEquals(2, api.get(Target.of("x")).path("a").size());
          assertEquals("GET /x", daemon.requests().getFirst().toString());
        });
  }

  @Test
  void readsChunksWithExtensionsAndTrailers() throws IOException {
    String chunked =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "5;x=y\r\n{\"a\":\r\n3\r\n42}\r\n0\r\nTrailer: t\r\n\r\n";
    with(
        request -> chunked,
        (api, daemon) -> {
          assertEquals(42, api.get(Target.of("x")).path("a").asInt());
          assertEquals(42, api.get(Target.of("y")).path("a").asInt());
        });
  }

  @Test
  void readsABodyThatTheConnectionEnds() throws IOException {
    with(
        request -> "HTTP/1.1 200 OK\r\n\r\n{\"a\":7}",
        (api, daemon) -> {
          assertEquals(7, api.get(Target.of("x")).path("a").asInt());
          assertEquals(7, api.get(Target.of("x")).path("a").asInt());
        });
  }

  @Test
  void asksAgainWhenAKeptConnectionHasGone() throws IOException {
    AtomicInteger count = new AtomicInteger();
    with(
        request ->
            count.getAndIncrement() == 1 ? "oops" : FakeDaemon.ok("{'a':" + count.get() + "}"),
        (api, daemon) -> {
          assertEquals(1, api.get(Target.of("x")).path("a").asInt());
          assertEquals(3, api.get(Target.of("x")).path("a").asInt());
        });
  }

  @Test
  void neverSendsAChangeTwice() throws IOException {
    with(
        request -> "",
        (api, daemon) -> {
          assertThrows(IOException.class, () -> api.post(Target.of("x"), Json.object()));
          assertEquals(1, daemon.requests().size());
        });
  }

  @Test
  void tellsTheDaemonsReason() throws IOException {
    with(
        request -> FakeDaemon.error(404, "service web not found"),
        (api, daemon) -> {
          DaemonRejection e =
              assertThrows(DaemonRejection.class, () -> api.delete(Target.of("services", "web")));
          assertEquals("service web not found", e.getMessage());
          assertTrue(e.notFound());
        });
  }

  @Test
  void tellsAReasonThatIsNotJson() throws IOException {
    with(
        request -> FakeDaemon.reply("500 Oh", "page not found\n"),
        (api, daemon) -> {
          Exception e = assertThrows(DaemonRejection.class, () -> api.get(Target.of("x")));
          assertEquals("page not found", e.getMessage());
        });
  }

  @Test
  void skipsInterimReplies() throws IOException {
    with(
        request -> "HTTP/1.1 100 Continue\r\n\r\n" + FakeDaemon.ok("{'a':1}"),
        (api, daemon) -> assertEquals(1, api.post(Target.of("x"), null).path("a").asInt()));
  }

  @Test
  void boundsTheHead() throws IOException {
    with(
        request ->
            "HTTP/1.1 200 OK\r\nX: " + "x".repeat(HttpConnection.HEAD_BYTES_MAX) + "\r\n\r\n",
        (api, daemon) -> assertThrows(IOException.class, () -> api.get(Target.of("x"))));
  }

  @Test
  void refusesWhatIsNotHttp() throws IOException {
    with(
        request -> "SSH-2.0-OpenSSH\r\n",
        (api, daemon) -> {
          Exception e = assertThrows(IOException.class, () -> api.get(Target.of("x")));
          assertEquals("what answers is not an HTTP server", e.getMessage());
        });
  }

  @Test
  void refusesABodyCutShort() throws IOException {
    with(
        request -> "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\nContent-length: 10\r\n\r\n{}",
        (api, daemon) -> assertThrows(IOException.class, () -> api.get(Target.of("x"))));
  }

  @Test
  void saysWhereNobodyListens() {
    ApiClient api = new ApiClient(Endpoint.parse("unix://" + folder.resolve("none.sock")));
    Exception e = assertThrows(DaemonUnreachable.class, () -> api.get(Target.of("x")));
    assertEquals(
        "Cannot connect to the swarm daemon at unix://"
            + folder.resolve("none.sock")
            + ". Is the swarm daemon running?",
        e.getMessage());
  }

  @Test
  void streamsUntilTheEnd() throws IOException {
    with(
        request -> "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        (api, daemon) -> {
          try (InputStream stream = api.stream(Target.of("logs"))) {
            assertEquals("abc", new String(stream.readAllBytes(), StandardCharsets.UTF_8));
          }
        });
  }

  @Test
  void encodesWhatUsersType() {
    Target target = Target.of("services", "a/b c").with("filters", "{\"x\":1}").with("v", "..");
    assertEquals("/services/a%2Fb%20c?filters=%7B%22x%22%3A1%7D&v=%2E%2E", target.toString());
  }

  @Test
  void readsAddresses() {
    assertEquals("unix:///a/b", Endpoint.parse("unix:///a/b").toString());
    assertEquals("unix:///a/b", Endpoint.parse("/a/b").toString());
    assertEquals("tcp://h:1", Endpoint.parse("tcp://h:1").toString());
    assertEquals(new Endpoint.Tcp(new HostPort("::1", 9)), Endpoint.parse("tcp://[::1]:9"));
    for (String bad :
        new String[] {"", "unix://", "tcp://h", "tcp://h:0", "tcp://:1", "h:1", "npipe://x"}) {
      assertThrows(IllegalArgumentException.class, () -> Endpoint.parse(bad), bad);
    }
  }
}
