package dev.swarm.cli.node.engineapi.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HeadTimeoutTest {
  private final Server server = new Server(new VirtualThreadPool());
  private final ServerConnector connector = new ServerConnector(server, 1, 1);
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch answer = new CountDownLatch(1);

  @BeforeEach
  void start() throws Exception {
    connector.setHost("127.0.0.1");
    connector.setIdleTimeout(2000);
    server.addConnector(connector);
    server.setHandler(
        new HeadTimeout(
            new Handler.Abstract() {
              @Override
              public boolean handle(Request request, Response response, Callback callback)
                  throws Exception {
                begun.countDown();
                assertTrue(answer.await(30, TimeUnit.SECONDS));
                callback.succeeded();
                return true;
              }
            }));
    server.start();
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
  }

  private Socket connect() throws Exception {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), connector.getLocalPort());
    socket.setSoTimeout(30_000);
    return socket;
  }

  @Test
  void whoAsksWaitsAsLongAsItTakesAndWhoDoesNotIsEnded() throws Exception {
    try (Socket asking = connect();
        Socket silent = connect();
        Socket slow = connect()) {
      asking
          .getOutputStream()
          .write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertTrue(begun.await(30, TimeUnit.SECONDS));
      slow.getOutputStream().write("GET / HT".getBytes(StandardCharsets.US_ASCII));
      assertEquals(-1, silent.getInputStream().read(), "nothing was asked");
      while (slow.getInputStream().read() >= 0) {
        // It is told why, and ended.
      }
      answer.countDown();
      var in = new InputStreamReader(asking.getInputStream(), StandardCharsets.US_ASCII);
      assertEquals("HTTP/1.1 200 OK", new BufferedReader(in).readLine());
    }
  }
}
