package dev.swarm.cli.node.engineapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes on until somebody ends it: however quiet it is, however many there are. */
class OpenEndedTest {
  @TempDir Path directory;

  @Test
  void silentEventsOutlastTheConnectionsThatNobodyUses() throws Exception {
    try (Front front = new Front(directory);
        SocketChannel client = front.send("GET /events HTTP/1.0\nHost: x");
        FakeEngine.Call call = front.engine.next()) {
      call.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
      assertTrue(FakeEngine.head(client).startsWith("HTTP/1.1 200"));
      front.engine.json.put("/info", "{}");
      assertEquals(200, front.client.get("/info").status());
      // That one began to be idle after the stream did.
      front.engine.letGo.take();
      call.write("4\r\n{ }\n\r\n");
      assertEquals("{ }\n", FakeEngine.read(client, 4));
    }
  }

  @Test
  void aCallMayTakeLongerThanAnUnusedConnectionIsKept() throws Exception {
    try (Front front = new Front(directory)) {
      Thread slow =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try (FakeEngine.Call call = front.engine.next()) {
                      front.engine.json.put("/info", "{}");
                      assertEquals(200, front.client.get("/info").status());
                      front.engine.letGo.take();
                      call.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]");
                    } catch (Exception e) {
                      throw new AssertionError(e);
                    }
                  });
      assertEquals(200, front.client.get("/networks").status());
      slow.join();
    }
  }

  @Test
  void hundredsMayFollowAtOnce() throws Exception {
    List<SocketChannel> clients = new ArrayList<>();
    List<FakeEngine.Call> calls = new ArrayList<>();
    try (Front front = new Front(directory)) {
      for (int i = 0; i < 250; i++) {
        clients.add(front.send("GET /containers/x/logs?follow=1 HTTP/1.1\nHost: x"));
        calls.add(front.engine.next());
      }
      assertEquals(200, front.client.get("/_ping").status());
      FakeEngine.Call last = calls.getLast();
      last.write("HTTP/1.1 200 OK\r\n\r\nline");
      assertTrue(FakeEngine.head(clients.getLast()).contains("200"));
    } finally {
      for (SocketChannel client : clients) {
        client.close();
      }
    }
  }

  @Test
  void aClientThatReadsSlowlyLosesNothing() throws Exception {
    int parts = 200;
    String part = "0123456789abcdef".repeat(1 << 12);
    try (Front front = new Front(directory);
        SocketChannel client = front.send("GET /containers/x/logs?follow=1 HTTP/1.1\nHost: x");
        FakeEngine.Call call = front.engine.next()) {
      Thread engine =
          Thread.ofVirtual()
              .start(
                  () -> {
                    call.write("HTTP/1.1 200 OK\r\n\r\n");
                    for (int i = 0; i < parts; i++) {
                      call.write(part);
                    }
                  });
      assertTrue(FakeEngine.head(client).contains("200"));
      for (int i = 0; i < parts; i++) {
        assertEquals(part, FakeEngine.read(client, part.length()));
      }
      engine.join();
    }
  }
}
