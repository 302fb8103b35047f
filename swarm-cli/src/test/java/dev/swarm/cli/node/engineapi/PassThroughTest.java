package dev.swarm.cli.node.engineapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PassThroughTest {
  @TempDir Path directory;
  private Front front;

  @BeforeEach
  void start() throws IOException {
    front = new Front(directory);
  }

  @AfterEach
  void stop() throws IOException {
    front.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1.38/containers/json?all=1&filters=%7B%22a%22%3A%5B%22b%22%5D%7D",
        "/images/a%2Fb:c/json",
        "/v1.99/volumes",
        "/containers/x/attach/ws?stream=1",
        "/nothing//that/./anybody/knows"
      })
  void pathsArriveAsTheyWereWritten(String path) throws Exception {
    try (SocketChannel client = front.send("GET " + path + " HTTP/1.1\nHost: docker\nX-A: b c");
        FakeEngine.Call call = front.engine.next()) {
      assertTrue(call.head().startsWith("GET " + path + " HTTP/1.1\r\n"), call.head());
      assertTrue(call.head().contains("X-A: b c\r\n"), call.head());
      assertFalse(call.head().contains("Connection:"), call.head());
      call.write("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
      call.channel().close();
      assertEquals(
          "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}",
          FakeEngine.readAll(client));
    }
  }

  @Test
  void bodiesStreamBothWaysAndNothingIsHeldBack() throws Exception {
    try (SocketChannel client =
            front.send("POST /v1.41/build HTTP/1.1\nHost: x\nTransfer-Encoding: chunked");
        FakeEngine.Call call = front.engine.next()) {
      Front.write(client, "5\r\nhello\r\n");
      assertEquals("5\r\nhello\r\n", call.read(10));
      call.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n");
      assertTrue(FakeEngine.head(client).startsWith("HTTP/1.1 200 OK\r\n"));
      assertEquals("3\r\none\r\n", FakeEngine.read(client, 8));
      Front.write(client, "0\r\n\r\n");
      assertEquals("0\r\n\r\n", call.read(5));
      call.write("0\r\n\r\n");
      assertEquals("0\r\n\r\n", FakeEngine.read(client, 5));
    }
  }

  @Test
  void whatCameWithTheHeadArrivesToo() throws Exception {
    try (SocketChannel client = front.client.open()) {
      Front.write(
          client, "POST /images/load HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nimage-");
      try (FakeEngine.Call call = front.engine.next()) {
        assertEquals("image-", call.read(6));
        Front.write(client, "end");
        assertEquals("end", call.read(3));
      }
    }
  }

  @Test
  void moreThanAnyBufferFlows() throws Exception {
    int bytes = 20 << 20;
    try (SocketChannel client =
            front.send("POST /images/load HTTP/1.1\nHost: x\nContent-Length: " + bytes);
        FakeEngine.Call call = front.engine.next()) {
      String part = "0123456789abcdef".repeat(1 << 12);
      Thread sender =
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (int sent = 0; sent < bytes; sent += part.length()) {
                      Front.write(client, part);
                    }
                  });
      for (int read = 0; read < bytes; read += part.length()) {
        assertEquals(part, call.read(part.length()));
      }
      sender.join();
      call.write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
      call.channel().close();
      assertEquals("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", FakeEngine.readAll(client));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // With upgrade headers, as today's clients; and without, as old ones.
        "Connection: Upgrade\\nUpgrade: tcp | 101 UPGRADED",
        "Connection: Upgrade\\nUpgrade: h2c | 101 UPGRADED",
        "Content-Type: text/plain           | 200 OK",
      })
  void hijackedConnectionsHalfClose(String headers, String status) throws Exception {
    try (SocketChannel client =
            front.send(
                "POST /v1.41/containers/x/attach?stdin=1 HTTP/1.1\nHost: x\nContent-Length: 0\n"
                    + headers.replace("\\n", "\n"));
        FakeEngine.Call call = front.engine.next()) {
      assertEquals(
          headers.contains("Upgrade"), call.head().contains("\r\nConnection: Upgrade\r\n"));
      String head = "HTTP/1.1 " + status + "\r\nContent-Type: raw\r\n\r\n";
      call.write(head);
      assertEquals(head, FakeEngine.head(client));
      Front.write(client, "input");
      assertEquals("input", call.read(5));
      client.shutdownOutput();
      assertEquals("", call.readAll(), "the engine sees the end of input");
      call.write("output goes on");
      assertEquals("output goes on", FakeEngine.read(client, 14));
      call.channel().close();
      assertEquals("", FakeEngine.readAll(client));
    }
  }

  @Test
  void theEngineMayEndItsOutputFirst() throws Exception {
    try (SocketChannel client =
            front.send("POST /exec/x/start HTTP/1.1\nHost: x\nConnection: Upgrade\nUpgrade: tcp");
        FakeEngine.Call call = front.engine.next()) {
      call.write("HTTP/1.1 101 UPGRADED\r\n\r\nall");
      call.channel().shutdownOutput();
      assertEquals("HTTP/1.1 101 UPGRADED\r\n\r\nall", FakeEngine.readAll(client));
      Front.write(client, "still listening?");
      assertEquals("still listening?", call.read(16));
      client.shutdownOutput();
      assertEquals("", call.readAll());
    }
  }

  @Test
  void aClientThatLeavesEndsTheRequest() throws Exception {
    SocketChannel client = front.send("GET /containers/x/logs?follow=1 HTTP/1.1\nHost: x");
    try (FakeEngine.Call call = front.engine.next()) {
      call.write("HTTP/1.1 200 OK\r\n\r\nline");
      assertTrue(FakeEngine.head(client).contains("200"));
      client.close();
      assertEquals("", call.readAll(), "the engine is told");
    }
  }

  @Test
  void anEngineThatRefusesEarlyIsHeard() throws Exception {
    try (SocketChannel client =
        front.send("POST /build HTTP/1.1\nHost: x\nContent-Length: 8000000")) {
      FakeEngine.Call call = front.engine.next();
      call.write("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\nno");
      call.channel().close();
      Thread sender = Thread.ofVirtual().start(() -> Front.write(client, "x".repeat(1 << 20)));
      assertEquals(
          "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\nno", FakeEngine.readAll(client));
      sender.join();
    }
  }

  @Test
  void anEngineThatIsGoneOrSilentIs503() throws Exception {
    Thread silent =
        Thread.ofVirtual()
            .start(
                () -> {
                  try (FakeEngine.Call call = front.engine.next()) {
                    assertTrue(call.head().startsWith("GET /volumes"));
                  } catch (IOException | InterruptedException e) {
                    throw new AssertionError(e);
                  }
                });
    RawClient.Reply reply = front.client.get("/volumes");
    silent.join();
    assertEquals(503, reply.status());
    assertTrue(reply.message().contains("without a reply"), reply::text);
    front.stopEngine();
    RawClient.Reply gone = front.client.get("/v1.41/containers/json");
    assertEquals(503, gone.status());
    assertTrue(gone.message().contains("cannot be reached at unix:///"), gone::text);
    assertEquals(503, front.client.get("/info").status());
    assertEquals(200, front.client.get("/_ping").status());
  }

  @Test
  void whatIsServedIsWhatIsTold() throws Exception {
    assertEquals("1.41", front.client.get("/_ping").headers().get("api-version"));
    assertEquals(200, front.client.get("/v1.41/services").status());
    RawClient.Reply newer = front.client.get("/v1.42/services");
    assertEquals(400, newer.status());
    assertTrue(newer.message().endsWith("Maximum supported API version is 1.41"), newer::text);
  }

  @Test
  void oursAreNeverPassedOn() throws Exception {
    assertEquals(404, front.client.get("/v1.41/services/web").status());
    assertTrue(front.engine.heads.stream().noneMatch(head -> head.contains("/services")));
  }
}
