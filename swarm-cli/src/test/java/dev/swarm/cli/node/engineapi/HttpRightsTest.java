package dev.swarm.cli.node.engineapi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.swarm.cli.node.engineapi.http.TlsFiles;
import dev.swarm.cli.node.engineapi.routes.LocalNode;
import dev.swarm.core.pki.NodeIdentity;
import dev.swarm.core.pki.PrivateKeys;
import dev.swarm.manager.RandomIds;
import dev.swarm.manager.ca.ClusterBootstrap;
import docker.swarmkit.v1.NodeSpec;
import docker.swarmkit.v1.WatchRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The table of rights on the daemon's sockets: every operation of ours against every kind of caller
 * and of node. An operation without a row here fails.
 */
class HttpRightsTest {
  /** Of the swarm: for nobody but through a manager that can ask the leader. */
  private static final Set<String> THROUGH_MANAGERS =
      rows(
          """
          GET /swarm
          POST /swarm/update
          GET /nodes
          GET /nodes/{id}
          DELETE /nodes/{id}
          POST /nodes/{id}/update
          GET /services
          POST /services/create
          GET /services/{id}
          DELETE /services/{id}
          POST /services/{id}/update
          GET /services/{id}/logs
          GET /tasks
          GET /tasks/{id}
          GET /tasks/{id}/logs
          GET /secrets
          POST /secrets/create
          GET /secrets/{id}
          DELETE /secrets/{id}
          POST /secrets/{id}/update
          GET /configs
          POST /configs/create
          GET /configs/{id}
          DELETE /configs/{id}
          POST /configs/{id}/update
          """);

  /**
   * Of this machine, whose user may do with it as he likes; what they need of the swarm they ask.
   */
  private static final Set<String> OF_THE_MACHINE =
      rows(
          """
          GET /_ping
          HEAD /_ping
          GET /version
          GET /info
          GET /events
          POST /swarm/init
          POST /swarm/join
          POST /swarm/leave
          GET /swarm/unlockkey
          POST /swarm/unlock
          GET /containers/json
          POST /containers/create
          GET /networks
          GET /networks/
          POST /networks/create
          POST /networks/prune
          GET /networks/{id}
          DELETE /networks/{id}
          POST /networks/{id}/connect
          POST /networks/{id}/disconnect
          """);

  private static final int UNAVAILABLE = 503;

  @TempDir Path directory;

  private static Set<String> rows(String text) {
    return new TreeSet<>(text.strip().lines().map(String::strip).toList());
  }

  private static String method(String operation) {
    return operation.substring(0, operation.indexOf(' '));
  }

  private static String target(String operation) {
    return "/v1.41"
        + operation.substring(operation.indexOf(' ') + 1).replace("{id}", "x")
        + "?version=1&stdout=1";
  }

  private static byte[] body(String operation) {
    return operation.startsWith("POST") ? "{}".getBytes(StandardCharsets.UTF_8) : new byte[0];
  }

  private static Set<Object> asked(Front front) {
    Set<Object> asked = new java.util.HashSet<>(front.leader.requests);
    // The front follows the swarm's events by itself.
    asked.removeIf(WatchRequest.class::isInstance);
    return asked;
  }

  @Test
  void everyOperationHasARow() throws IOException {
    try (Front front = new Front(directory)) {
      Set<String> rows = new TreeSet<>(THROUGH_MANAGERS);
      rows.addAll(OF_THE_MACHINE);
      assertEquals(THROUGH_MANAGERS.size() + OF_THE_MACHINE.size(), rows.size());
      assertEquals(rows, new TreeSet<>(front.server.operations()));
    }
  }

  @Test
  void aNodeThatIsNoManagerAsksTheSwarmNothing() throws IOException {
    List<LocalNode> nodes =
        List.of(
            FakeNode.WORKER,
            LocalNode.locked(),
            LocalNode.inactive(),
            LocalNode.pending(""),
            LocalNode.failed("its certificate has expired"));
    Map<String, Integer> letIn = new TreeMap<>();
    try (Front front = new Front(directory)) {
      for (LocalNode node : nodes) {
        front.node.status = node;
        for (String operation : THROUGH_MANAGERS) {
          RawClient.Reply reply =
              front.client.send(
                  method(operation),
                  target(operation),
                  "Content-Type: application/json\r\n",
                  body(operation));
          if (reply.status() < 400 || !asked(front).isEmpty()) {
            letIn.put(node.state() + " " + operation, reply.status());
          }
        }
      }
      assertEquals(Map.of(), letIn);
    }
  }

  @Test
  void theSocketsUserOnAManagerIsLetInToEverything() throws IOException {
    Map<String, String> refused = new TreeMap<>();
    try (Front front = new Front(directory)) {
      for (String operation : THROUGH_MANAGERS) {
        RawClient.Reply reply =
            front.client.send(
                method(operation),
                target(operation),
                "Content-Type: application/json\r\n",
                body(operation));
        if (reply.status() == 401 || reply.status() == 403 || reply.status() == UNAVAILABLE) {
          refused.put(operation, reply.text());
        }
      }
      assertEquals(Map.of(), refused);
    }
  }

  @Test
  void withoutACertificateNothingAtAllIsToBeHadOverTcp() throws Exception {
    TlsFiles files = files("own");
    Map<String, String> answered = new TreeMap<>();
    try (Front front =
        new Front(
            directory,
            List.of(
                new EngineApiServer.Tcp(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    Optional.of(files))))) {
      int port = front.server.tcpPorts().getFirst();
      for (Set<String> rows : List.of(THROUGH_MANAGERS, OF_THE_MACHINE)) {
        for (String operation : rows) {
          String reply = withoutCertificate(port, operation);
          if (!reply.isEmpty()) {
            answered.put(operation, reply);
          }
        }
      }
      assertEquals(Map.of(), answered);
      assertEquals(Set.of(), asked(front));
      assertEquals(List.of(), List.copyOf(front.node.requests));
    }
  }

  private static String withoutCertificate(int port, String operation) throws Exception {
    SSLContext anybody = SSLContext.getInstance("TLS");
    anybody.init(null, new TrustManager[] {new Believing()}, new SecureRandom());
    try (SSLSocket socket =
        (SSLSocket)
            anybody.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
      String head = method(operation) + " " + target(operation) + " HTTP/1.0\r\nHost: x\r\n";
      String length = "Content-Length: " + body(operation).length + "\r\n\r\n";
      socket.getOutputStream().write((head + length).getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().write(body(operation));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return ""; // The handshake or the connection ended.
    }
  }

  /** Whom it talks to is not what is tested here. */
  private static final class Believing implements X509TrustManager {
    @Override
    public void checkClientTrusted(java.security.cert.X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(java.security.cert.X509Certificate[] chain, String type) {}

    @Override
    public java.security.cert.X509Certificate[] getAcceptedIssuers() {
      return new java.security.cert.X509Certificate[0];
    }
  }

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
}
