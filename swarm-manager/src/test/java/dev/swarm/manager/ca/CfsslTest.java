package dev.swarm.manager.ca;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.swarm.core.pki.CertificateAuthority;
import dev.swarm.core.pki.CertificateRequest;
import dev.swarm.core.pki.CredentialException;
import dev.swarm.core.pki.IdentityHolder;
import dev.swarm.core.pki.NodeIdentity;
import dev.swarm.core.pki.PeerIdentity;
import dev.swarm.core.pki.PrivateKeys;
import dev.swarm.core.pki.Validity;
import dev.swarm.host.SystemClock;
import docker.swarmkit.v1.NodeRole;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An authority outside of the cluster, asked over mutual TLS on loopback. */
class CfsslTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Instant now = Instant.now();
  private final CertificateAuthority authority = CertificateAuthority.create(now, RANDOM);
  private final KeyPair keys = PrivateKeys.generate(RANDOM);
  private final CertificateRequest request = CertificateRequest.create(keys, RANDOM);
  private final PeerIdentity subject = new PeerIdentity("cluster1", NodeRole.MANAGER, "node1");
  private final List<JsonNode> asked = new CopyOnWriteArrayList<>();
  private final List<String> callers = new CopyOnWriteArrayList<>();
  private volatile String reply = "";
  private HttpsServer server = unbound();

  private NodeIdentity identity(NodeRole role, String id) throws CredentialException {
    KeyPair own = PrivateKeys.generate(RANDOM);
    byte[] chain =
        authority.issue(
            CertificateRequest.create(own, RANDOM),
            new PeerIdentity("cluster1", role, id),
            Validity.DEFAULT,
            now,
            RANDOM);
    return NodeIdentity.of(authority.root(), chain, own.getPrivate());
  }

  private static HttpsServer unbound() {
    try {
      return HttpsServer.create();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @BeforeEach
  void listen() throws IOException, GeneralSecurityException, CredentialException {
    SSLContext tls = tls(identity(NodeRole.MANAGER, "localhost"));
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(tls) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters both = tls.getDefaultSSLParameters();
            both.setNeedClientAuth(true);
            parameters.setSSLParameters(both);
          }
        });
    server.createContext("/sign", this::answer);
    server.start();
  }

  @AfterEach
  void close() {
    server.stop(0);
  }

  private static SSLContext tls(NodeIdentity node) throws IOException, GeneralSecurityException {
    char[] none = {};
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, none);
    store.setKeyEntry("own", node.key(), none, node.chain().toArray(X509Certificate[]::new));
    KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(store, none);
    KeyStore roots = KeyStore.getInstance("PKCS12");
    roots.load(null, none);
    roots.setCertificateEntry("root", node.root().certificates().getFirst());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(roots);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trust.getTrustManagers(), RANDOM);
    return context;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      JsonNode json = JSON.readTree(exchange.getRequestBody());
      asked.add(json);
      var session = ((com.sun.net.httpserver.HttpsExchange) exchange).getSSLSession();
      callers.add(session.getPeerPrincipal().getName());
      byte[] body = (reply.isEmpty() ? signed(json) : reply).getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private String signed(JsonNode json) throws IOException {
    try {
      JsonNode name = json.path("subject").path("names").path(0);
      byte[] chain =
          authority.issue(
              CertificateRequest.parse(
                  json.path("certificate_request").asText().getBytes(StandardCharsets.US_ASCII)),
              new PeerIdentity(
                  name.path("O").asText(),
                  PeerIdentity.role(name.path("OU").asText()).orElseThrow(),
                  json.path("subject").path("CN").asText()),
              Validity.DEFAULT,
              now,
              RANDOM);
      var out = JSON.createObjectNode().put("success", true);
      out.putObject("result").put("certificate", new String(chain, StandardCharsets.US_ASCII));
      return out.toString();
    } catch (CredentialException e) {
      throw new IOException(e);
    }
  }

  private URI address() {
    return URI.create("https://localhost:" + server.getAddress().getPort() + "/sign");
  }

  private Cfssl client() throws CredentialException {
    return new Cfssl(new IdentityHolder(identity(NodeRole.MANAGER, "asking"), new SystemClock()));
  }

  @Test
  void signsWhatItIsAsked() throws CredentialException {
    byte[] chain = client().sign(List.of(address()), request, subject);

    request.requireAnswer(chain, subject, authority.root(), now);
    assertEquals(1, asked.size());
    assertTrue(callers.getFirst().contains("CN=asking"), callers.getFirst());
    List<String> hosts = new java.util.ArrayList<>();
    asked.getFirst().path("hosts").forEach(host -> hosts.add(host.asText()));
    assertEquals(List.of("swarm-manager", "node1", "swarm-ca"), hosts);
  }

  @Test
  void anotherAddressIsAskedWhereOneFails() throws CredentialException {
    URI nowhere = URI.create("https://localhost:1/sign");
    byte[] chain = client().sign(List.of(nowhere, address()), request, subject);
    request.requireAnswer(chain, subject, authority.root(), now);
  }

  @Test
  void saysWhoRefusedAndWhy() throws CredentialException {
    reply = "{\"success\":false,\"errors\":[{\"code\":1,\"message\":\"not on this list\"}]}";
    Cfssl client = client();
    CredentialException refused =
        assertThrows(
            CredentialException.class, () -> client.sign(List.of(address()), request, subject));
    String message = String.valueOf(refused.getMessage());
    assertTrue(message.contains(address().toString()), message);
    assertTrue(message.contains("not on this list"), message);
  }

  @Test
  void nonsenseIsNoCertificate() throws CredentialException {
    Cfssl client = client();
    for (String nonsense : List.of("{", "[]", "{\"success\":true}", "x".repeat(2 << 20))) {
      reply = nonsense;
      assertThrows(
          CredentialException.class,
          () -> client.sign(List.of(address()), request, subject),
          nonsense.substring(0, Math.min(20, nonsense.length())));
    }
  }

  /** What comes back is checked before a node gets it. */
  @Test
  void anAnswerForSomebodyElseIsFound() throws CredentialException {
    byte[] chain =
        client()
            .sign(List.of(address()), request, new PeerIdentity("cluster1", NodeRole.WORKER, "x"));
    assertThrows(
        CredentialException.class,
        () -> request.requireAnswer(chain, subject, authority.root(), now));
    CertificateRequest other = CertificateRequest.create(PrivateKeys.generate(RANDOM), RANDOM);
    assertThrows(
        CredentialException.class,
        () ->
            other.requireAnswer(
                chain, new PeerIdentity("cluster1", NodeRole.WORKER, "x"), authority.root(), now));
    CertificateAuthority stranger = CertificateAuthority.create(now, RANDOM);
    assertThrows(
        CredentialException.class,
        () ->
            request.requireAnswer(
                chain, new PeerIdentity("cluster1", NodeRole.WORKER, "x"), stranger.root(), now));
  }
}
