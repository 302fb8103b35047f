package dev.swarm.cli.node.engineapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
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

/** What becomes of a client's connection after the engine has answered a request on it. */
class KeptConnectionsTest {
  private static final String PING = "GET /_ping HTTP/1.1\r\nHost: x\r\n\r\n";
  private static final String VOLUMES = "GET /volumes HTTP/1.1\r\nHost: x\r\n\r\n";
  private static final String REPLY = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

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

  /** The next request on the connection is answered by us. */
  private static void assertOurs(SocketChannel client) throws IOException {
    Front.write(client, PING);
    assertPong(client);
  }

  private static void assertPong(SocketChannel client) throws IOException {
    String head = FakeEngine.head(client);
    assertTrue(head.startsWith("HTTP/1.1 200"), head);
    assertTrue(head.contains("\r\nServer: Swarm"), head);
    assertEquals("OK", FakeEngine.read(client, 2));
  }

  private void answer(SocketChannel client, String reply) throws Exception {
    answer(client, "", reply);
  }

  private void answer(SocketChannel client, String body, String reply) throws Exception {
    try (FakeEngine.Call call = front.engine.next()) {
      assertEquals(body, call.read(body.length()));
      call.write(reply);
      assertEquals(reply, FakeEngine.read(client, reply.length()));
      assertEquals("", call.readAll(), "the engine's side is over");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "GET /containers/x/json  | -     | 200 OK\\nContent-Length: 2         | {}",
        "GET /containers/x/json  | -     | 404 No\\nContent-Length: 2         | {}",
        "GET /containers/x/json  | -     | 304 Not Modified\\nContent-Length: 9 | -",
        "GET /containers/x/logs  | -     | 200 OK\\nTransfer-Encoding: chunked | 2\\n{}\\n0\\n\\n",
        "GET /containers/x/logs  | -     | 200 OK\\nTransfer-Encoding: chunked"
            + " | 2;a=b\\n{}\\n0\\nT: v\\n\\n",
        "HEAD /containers/x/arc  | -     | 200 OK\\nContent-Length: 20        | -",
        "HEAD /containers/x/arc  | -     | 200 OK                             | -",
        "POST /containers/x/stop | -     | 204 No Content                     | -",
        "POST /containers/x/stop | Content-Length: 0 | 204 No Content         | -",
        "POST /images/load       | Content-Length: 4\\n\\nbody"
            + " | 200 OK\\nContent-Length: 2 | {}",
        "POST /build             | Transfer-Encoding: chunked\\n\\n2\\nab\\n0\\n\\n"
            + " | 200 OK\\nContent-Length: 2 | {}",
        "POST /exec/x/start      | Connection: Upgrade\\nUpgrade: tcp\\nContent-Length: 2\\n\\n{}"
            + " | 409 Conflict\\nContent-Length: 2 | {}",
        "POST /session           | Connection: Upgrade\\nUpgrade: h2c"
            + " | 404 Not Found\\nTransfer-Encoding: chunked | 2\\n{}\\n0\\n\\n",
      })
  void theConnectionComesBack(String line, String request, String head, String body)
      throws Exception {
    String rest = body == null ? "" : body.replace("\\n", "\r\n");
    String reply = "HTTP/1.1 " + head.strip().replace("\\n", "\r\n") + "\r\n\r\n" + rest;
    String sent = request == null ? "" : "\r\n" + request.strip().replace("\\n", "\r\n");
    sent = sent.contains("\r\n\r\n") ? sent : sent + "\r\n\r\n";
    int headEnd = sent.indexOf("\r\n\r\n") + 4;
    try (SocketChannel client = front.client.open()) {
      for (int i = 0; i < 3; i++) {
        Front.write(client, line.strip() + " HTTP/1.1\r\nHost: x" + sent);
        answer(client, sent.substring(headEnd), reply);
        Front.write(client, VOLUMES);
        answer(client, REPLY);
        assertOurs(client);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET /volumes HTTP/1.1 | X-A: b            | 200 OK\\n"
            + "Connection: close\\n"
            + "Content-Length: 2",
        "GET /volumes HTTP/1.1 | Connection: close | 200 OK\\n"
            + "Connection: close\\n"
            + "Content-Length: 2",
        "GET /volumes HTTP/1.0 | Host: x           | 200 OK\\n"
            + "Connection: close\\n"
            + "Content-Length: 2",
        "GET /volumes HTTP/1.1 | X-A: b            | 200 OK",
      })
  @SuppressWarnings("try") // it is closed twice
  void whereEitherSideSaysSoItEnds(String line, String header, String head) throws Exception {
    try (SocketChannel client =
            front.send(line.strip() + "\nHost: x\n" + header.strip().replace("Host: x", "X: y"));
        FakeEngine.Call call = front.engine.next()) {
      assertEquals(
          line.contains("1.0") || header.contains("close"),
          call.head().contains("\r\nConnection: close\r\n"),
          call.head());
      String reply = "HTTP/1.1 " + head.strip().replace("\\n", "\r\n") + "\r\n\r\n{}";
      call.write(reply);
      call.close();
      assertEquals(reply, FakeEngine.readAll(client));
    }
  }

  /** Which the engine is not told, since not every engine finds the word Upgrade among others. */
  @Test
  void aDeclinedUpgradeOfAClientThatWantsNoMoreEndsIt() throws Exception {
    try (SocketChannel client =
            front.send(
                "POST /exec/x/start HTTP/1.1\nHost: x\nConnection: Upgrade, close\n"
                    + "Upgrade: tcp\nContent-Length: 0");
        FakeEngine.Call call = front.engine.next()) {
      call.write(REPLY);
      assertEquals(REPLY, FakeEngine.readAll(client));
    }
  }

  @Test
  void requestsThatCameTooEarlyWaitForTheirTurn() throws Exception {
    try (SocketChannel client = front.client.open()) {
      Front.write(client, VOLUMES + PING + VOLUMES + VOLUMES + PING);
      answer(client, REPLY);
      assertPong(client);
      answer(client, REPLY);
      answer(client, REPLY);
      assertPong(client);
      assertOurs(client);
    }
  }

  /** Also when it is more than one buffer of ours, with the request's body or with its head. */
  @ParameterizedTest
  @ValueSource(ints = {0, 3, 7 << 10, 20 << 10})
  void manyThatCameTooEarlyWaitForTheirTurn(int bodyBytes) throws Exception {
    int pings = 2000;
    try (SocketChannel client = front.client.open()) {
      Front.write(client, "POST /build HTTP/1.1\r\nHost: x\r\nContent-Length: " + bodyBytes);
      Thread sender =
          Thread.ofVirtual()
              .start(
                  () ->
                      Front.write(client, "\r\n\r\n" + "x".repeat(bodyBytes) + PING.repeat(pings)));
      try (FakeEngine.Call call = front.engine.next()) {
        assertEquals(bodyBytes, call.read(bodyBytes).length());
        call.write(REPLY);
        assertEquals(REPLY, FakeEngine.read(client, REPLY.length()));
        assertEquals("", call.readAll(), "the engine has seen nothing of the others");
      }
      for (int i = 0; i < pings; i++) {
        assertPong(client);
      }
      sender.join();
    }
  }

  @Test
  void whoWaitsToBeToldToGoOnIsTold() throws Exception {
    try (SocketChannel client =
        front.send("POST /build HTTP/1.1\nHost: x\nExpect: 100-continue\nContent-Length: 4")) {
      try (FakeEngine.Call call = front.engine.next()) {
        assertTrue(call.head().contains("Expect: 100-continue"), call.head());
        call.write("HTTP/1.1 100 Continue\r\n\r\n");
        assertEquals("HTTP/1.1 100 Continue\r\n\r\n", FakeEngine.head(client));
        Front.write(client, "body");
        assertEquals("body", call.read(4));
        call.write(REPLY);
        assertEquals(REPLY, FakeEngine.read(client, REPLY.length()));
      }
      assertOurs(client);
    }
  }

  @Test
  void aBodyOfAnySizeEndsWhereItEnds() throws Exception {
    int chunks = 320;
    String chunk = "10000\r\n" + "0123456789abcdef".repeat(1 << 12) + "\r\n";
    try (SocketChannel client =
        front.send("POST /build HTTP/1.1\nHost: x\nTransfer-Encoding: chunked")) {
      Thread sender =
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (int i = 0; i < chunks; i++) {
                      Front.write(client, chunk);
                    }
                    Front.write(client, "0\r\n\r\n" + PING);
                  });
      try (FakeEngine.Call call = front.engine.next()) {
        for (int i = 0; i < chunks; i++) {
          assertEquals(chunk, call.read(chunk.length()));
        }
        assertEquals("0\r\n\r\n", call.read(5));
        call.write(REPLY);
        assertEquals(REPLY, FakeEngine.read(client, REPLY.length()));
        assertEquals("", call.readAll());
      }
      sender.join();
      assertPong(client);
    }
  }

  @Test
  void whoReadsSlowlyLosesNothingAndGoesOn() throws Exception {
    int parts = 200;
    String part = "0123456789abcdef".repeat(1 << 12);
    String head = "HTTP/1.1 200 OK\r\nContent-Length: " + parts * part.length() + "\r\n\r\n";
    try (SocketChannel client = front.client.open()) {
      Front.write(client, VOLUMES);
      FakeEngine.Call call = front.engine.next();
      Thread engine =
          Thread.ofVirtual()
              .start(
                  () -> {
                    call.write(head);
                    for (int i = 0; i < parts; i++) {
                      call.write(part);
                    }
                  });
      assertEquals(head, FakeEngine.head(client));
      Front.write(client, PING);
      for (int i = 0; i < parts; i++) {
        assertEquals(part, FakeEngine.read(client, part.length()));
      }
      engine.join();
      assertPong(client);
      assertEquals("", call.readAll());
    }
  }

  @Test
  void aReplyBeforeTheRequestIsOverLeavesItToItsEnd() throws Exception {
    try (SocketChannel client = front.send("POST /build HTTP/1.1\nHost: x\nContent-Length: 4");
        FakeEngine.Call call = front.engine.next()) {
      Front.write(client, "bo");
      assertEquals("bo", call.read(2));
      call.write(REPLY);
      assertEquals(REPLY, FakeEngine.read(client, REPLY.length()));
      Front.write(client, "dy" + PING);
      assertEquals("dy", call.readAll());
      assertPong(client);
    }
  }

  @Test
  void whoSaysNoMoreGetsItsReplyAndTheEnd() throws Exception {
    try (SocketChannel client = front.client.open()) {
      Front.write(client, VOLUMES);
      client.shutdownOutput();
      try (FakeEngine.Call call = front.engine.next()) {
        assertEquals("", call.readAll(), "the engine sees the end of input");
        call.write(REPLY);
        assertEquals(REPLY, FakeEngine.readAll(client));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Content-Length: 9\r\n", "Transfer-Encoding: chunked\r\n"})
  void theEngineSeesThatAClientHasLeft(String framing) throws Exception {
    SocketChannel client = front.client.open();
    String method = framing.isEmpty() ? "GET" : "POST";
    Front.write(client, method + " /wait HTTP/1.1\r\nHost: x\r\n" + framing + "\r\n");
    try (FakeEngine.Call call = front.engine.next()) {
      client.close();
      assertEquals("", call.readAll());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'Content-Length: 9', 'half'",
    "'Transfer-Encoding: chunked', '4\r\nhalf\r\n'",
    "'Transfer-Encoding: chunked', '4\r\nhalf\r\n0\r\n'",
    "'Content-Len', ''",
  })
  void anEngineThatBreaksOffBreaksOffTheReply(String framing, String half) throws Exception {
    String cut = "HTTP/1.1 200 OK\r\n" + framing + (half.isEmpty() ? "" : "\r\n\r\n") + half;
    try (SocketChannel client = front.client.open()) {
      Front.write(client, VOLUMES + PING);
      FakeEngine.Call call = front.engine.next();
      call.write(cut);
      call.close();
      assertEquals(cut, FakeEngine.readAll(client), "and no other reply looks like its rest");
    }
  }

  @Test
  void whatIsSaidBeforeAnUpgradeWaitsForIt() throws Exception {
    try (SocketChannel client = front.client.open()) {
      Front.write(
          client,
          "POST /exec/x/start HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n"
              + "Content-Length: 2\r\n\r\n{}early");
      try (FakeEngine.Call call = front.engine.next()) {
        assertEquals("{}", call.read(2));
        call.write("HTTP/1.1 101 UPGRADED\r\n\r\nout");
        assertEquals("HTTP/1.1 101 UPGRADED\r\n\r\n", FakeEngine.head(client));
        assertEquals("early", call.read(5));
        Front.write(client, PING);
        assertEquals(PING, call.read(PING.length()), "it is no request any more");
        client.shutdownOutput();
        assertEquals("", call.readAll());
        assertEquals("out", FakeEngine.read(client, 3));
      }
    }
  }

  @Test
  void anEngineThatSaysMoreThanItsReplyKeepsTheConnection() throws Exception {
    try (SocketChannel client = front.client.open()) {
      Front.write(client, VOLUMES);
      try (FakeEngine.Call call = front.engine.next()) {
        call.write(REPLY + "more");
        assertEquals(REPLY + "more", FakeEngine.read(client, REPLY.length() + 4));
        Front.write(client, PING);
        assertEquals(PING, call.read(PING.length()));
      }
      assertEquals("", FakeEngine.readAll(client));
    }
  }

  @Test
  void aKeptConnectionMayEndWithoutAnotherRequest() throws Exception {
    try (SocketChannel client = front.client.open()) {
      Front.write(client, VOLUMES);
      answer(client, REPLY);
      client.shutdownOutput();
      assertEquals("", FakeEngine.readAll(client));
    }
  }
}
