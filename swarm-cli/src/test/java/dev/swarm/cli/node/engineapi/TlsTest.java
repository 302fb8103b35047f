package dev.swarm.cli.node.engineapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.cli.node.engineapi.http.TlsFiles;
import dev.swarm.core.pki.NodeIdentity;
import dev.swarm.core.pki.PrivateKeys;
import dev.swarm.manager.RandomIds;
import dev.swarm.manager.ca.ClusterBootstrap;
import docker.swarmkit.v1.NodeSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
  @TempDir Path directory;

  /** Certificates of one authority: whoever has one is let in. */
  private TlsFiles files(String name) throws IOException {
    NodeIdentity identity =
        ClusterBootstrap.create(
                ClusterBootstrap.defaultSpec(),
                NodeSpec.Availability.ACTIVE,
                new RandomIds(new SecureRandom()),
                new SecureRandom(),
                Instant.now())
            .identity();
    return new TlsFiles(
        Files.write(directory.resolve(name + "-ca.pem"), identity.root().pem()),
        Files.write(directory.resolve(name + "-cert.pem"), identity.chainPem()),
        Files.write(directory.resolve(name + "-key.pem"), PrivateKeys.encode(identity.key())));
  }

  private static EngineApiServer.Tcp loopback(TlsFiles files) {
    return new EngineApiServer.Tcp(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Optional.of(files));
  }

  private static SSLSocket connect(TlsFiles client, int port) throws Exception {
    SslContextFactory.Server contexts = client.open();
    contexts.start();
    SSLSocket socket =
        (SSLSocket)
            contexts
                .getSslContext()
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), port);
    socket.setUseClientMode(true);
    return socket;
  }

  private static void write(SSLSocket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void hijackedConnectionsHalfCloseUnderTlsToo() throws Exception {
    TlsFiles files = files("own");
    try (Front front = new Front(directory, List.of(loopback(files)));
        SSLSocket client = connect(files, front.server.tcpPorts().getFirst())) {
      write(client, "POST /containers/x/attach HTTP/1.1\r\nHost: x\r\n\r\n");
      try (FakeEngine.Call call = front.engine.next()) {
        write(client, "input");
        assertEquals("input", call.read(5));
        client.shutdownOutput();
        assertEquals("", call.readAll());
        call.write("output goes on");
      }
      assertEquals(
          "output goes on",
          new String(client.getInputStream().readNBytes(14), StandardCharsets.UTF_8));
    }
  }

  @Test
  void connectionsComeBackFromTheEngineUnderTlsToo() throws Exception {
    TlsFiles files = files("own");
    String reply = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
    try (Front front = new Front(directory, List.of(loopback(files)));
        SSLSocket client = connect(files, front.server.tcpPorts().getFirst())) {
      for (int i = 0; i < 2; i++) {
        // The second of both comes in one record with the first, or after its reply.
        String ping = "GET /_ping HTTP/1.1\r\nHost: x\r\n\r\n";
        write(client, "GET /volumes HTTP/1.1\r\nHost: x\r\n\r\n" + (i == 0 ? ping : ""));
        try (FakeEngine.Call call = front.engine.next()) {
          call.write(reply);
          assertEquals(reply, read(client, reply.length()));
          assertEquals("", call.readAll());
        }
        write(client, i == 0 ? "" : ping);
        assertEquals("HTTP/1.1 200 OK", read(client, 15));
        StringBuilder rest = new StringBuilder();
        while (!rest.toString().endsWith("\r\n\r\nOK")) {
          String one = read(client, 1);
          assertEquals(1, one.length(), rest::toString);
          rest.append(one);
        }
      }
    }
  }

  private static String read(SSLSocket socket, int bytes) throws IOException {
    return new String(socket.getInputStream().readNBytes(bytes), StandardCharsets.UTF_8);
  }

  @Test
  void strangersAreNotLetIn() throws Exception {
    TlsFiles files = files("own");
    TlsFiles others = files("other");
    TlsFiles stranger = new TlsFiles(files.ca(), others.cert(), others.key());
    try (Front front = new Front(directory, List.of(loopback(files)));
        SSLSocket client = connect(stranger, front.server.tcpPorts().getFirst())) {
      assertThrows(
          IOException.class,
          () -> {
            write(client, "GET /_ping HTTP/1.1\r\nHost: x\r\n\r\n");
            assertEquals(-1, client.getInputStream().read());
            throw new IOException("the connection was closed without a word");
          });
    }
  }

  @Test
  void filesThatAreMissingAreNamed() throws Exception {
    TlsFiles files = files("own");
    Path missing = directory.resolve("missing.pem");
    IOException refusal =
        assertThrows(
            IOException.class, () -> new TlsFiles(missing, files.cert(), files.key()).open());
    assertTrue(String.valueOf(refusal.getMessage()).contains("missing.pem"));
    assertThrows(
        IOException.class, () -> new TlsFiles(files.ca(), files.key(), files.key()).open());
  }
}
