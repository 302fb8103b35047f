package dev.swarm.worker.engine.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** An engine that hangs: it takes connections, and says nothing or stops half way. */
@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
final class EngineApiTest {
  private static final Duration PATIENCE = Duration.ofMillis(200);

  @TempDir Path directory;
  private ServerSocketChannel engine;
  private EngineApi api;

  @BeforeEach
  void open() throws IOException {
    Path socket = directory.resolve("engine.sock");
    engine = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    engine.bind(UnixDomainSocketAddress.of(socket));
    api = new EngineApi(URI.create("unix://" + socket), PATIENCE);
  }

  @AfterEach
  void close() throws IOException {
    api.close();
    engine.close();
  }

  private static void assertUnanswered(Executable call) {
    ApiException e = assertThrows(ApiException.class, call);
    assertTrue(e.isUnanswered());
    assertTrue(e.text().contains("did not answer within"), e.text());
  }

  @Test
  void aCallToAnEngineThatSaysNothingEnds() {
    assertUnanswered(() -> api.get("/version"));
    assertUnanswered(() -> api.headers("/_ping"));
    assertUnanswered(() -> api.post("/networks/create", MissingNode.getInstance()));
    assertUnanswered(() -> api.delete("/containers/one"));
  }

  @Test
  void nothingIsAskedOnceItIsClosed() {
    api.close();
    assertTrue(assertThrows(ApiException.class, () -> api.get("/version")).isUnanswered());
    assertTrue(assertThrows(ApiException.class, () -> api.follow("/events")).isUnanswered());
  }

  @Test
  void soDoesTheWaitForTheHeadOfAStream() {
    assertUnanswered(() -> api.follow("/events"));
  }

  @Test
  void soDoesACallWhoseReplyStopsHalfWayAndItsConnectionIsClosed() throws Exception {
    CompletableFuture<Integer> end = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> end.complete(stopHalfWay()));
    assertUnanswered(() -> api.get("/containers/json"));
    assertTrue(end.get() <= 0, "the connection is left open");
  }

  /** Returns what the connection's end is read as, once there is no more of the request. */
  private int stopHalfWay() {
    try (SocketChannel connection = engine.accept()) {
      connection.write(
          ByteBuffer.wrap(
              "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n["
                  .getBytes(StandardCharsets.US_ASCII)));
      ByteBuffer request = ByteBuffer.allocate(1 << 16);
      int read;
      do {
        request.clear();
        read = connection.read(request);
      } while (read > 0);
      return read;
    } catch (IOException reset) {
      return -1;
    }
  }

  @Test
  void aStreamThatHasBegunMayBeSilentForLonger() throws Exception {
    Thread.ofVirtual()
        .start(
            () -> {
              try (SocketChannel connection = engine.accept()) {
                connection.write(
                    ByteBuffer.wrap("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
                // As long as a call would be waited for, by another call.
                assertUnanswered(() -> api.get("/version"));
                connection.write(ByteBuffer.wrap("x".getBytes(StandardCharsets.US_ASCII)));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    try (EngineApi.Followed events = api.follow("/events")) {
      assertEquals('x', events.body().read());
    }
  }
}
