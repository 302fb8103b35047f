package dev.swarm.manager.ca;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.core.pki.CertificateRequest;
import dev.swarm.core.pki.CredentialException;
import dev.swarm.core.pki.IdentityHolder;
import dev.swarm.core.pki.NodeIdentity;
import dev.swarm.core.pki.PeerIdentity;
import docker.swarmkit.v1.NodeRole;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * External authority that speaks CFSSL's protocol over mutual TLS: this manager shows its own
 * certificate, and takes a server's that the cluster's root signed. Safe for many threads.
 */
public final class Cfssl implements OutsideAuthority {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int REPLY_BYTES_MAX = 1 << 20;
  private static final int TEXT_MAX = 300;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final IdentityHolder identity;

  public Cfssl(IdentityHolder identity) {
    this.identity = identity;
  }

  @Override
  public byte[] sign(List<URI> addresses, CertificateRequest request, PeerIdentity subject)
      throws CredentialException {
    List<String> failures = new ArrayList<>();
    byte[] body = body(request, subject);
    try (HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(PATIENCE)
            .sslContext(tls(identity.current()))
            .build()) {
      for (URI address : addresses) {
        try {
          return ask(client, address, body);
        } catch (IOException e) {
          failures.add(address + ": " + shown(String.valueOf(e.getMessage())));
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          failures.add("interrupted");
        }
      }
    } catch (GeneralSecurityException | IOException e) {
      throw new CredentialException(
          "this manager cannot ask the external CA, because its own certificate cannot be used", e);
    }
    throw new CredentialException(
        "no external CA signs the certificate: " + String.join("; ", failures));
  }

  private static byte[] body(CertificateRequest request, PeerIdentity subject) {
    String role = PeerIdentity.roleName(subject.role());
    ObjectNode json = JSON.createObjectNode();
    ArrayNode hosts = json.putArray("hosts").add(role).add(subject.nodeId());
    if (subject.role() == NodeRole.MANAGER) {
      hosts.add(PeerIdentity.CA_NAME);
    }
    json.put("certificate_request", new String(request.pem(), StandardCharsets.US_ASCII));
    ObjectNode name = json.putObject("subject").put("CN", subject.nodeId());
    name.putArray("names").addObject().put("O", subject.clusterId()).put("OU", role);
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] ask(HttpClient client, URI address, byte[] body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    HttpResponse<byte[]> reply =
        client.send(
            request,
            HttpResponse.BodyHandlers.limiting(
                HttpResponse.BodyHandlers.ofByteArray(), REPLY_BYTES_MAX));
    JsonNode json = JSON.readTree(reply.body());
    String chain = json.path("result").path("certificate").asText();
    if (!json.path("success").asBoolean() || chain.isEmpty()) {
      String why = json.path("errors").path(0).path("message").asText();
      throw new IOException("status " + reply.statusCode() + (why.isEmpty() ? "" : ", " + why));
    }
    return chain.getBytes(StandardCharsets.US_ASCII);
  }

  private static String shown(String text) {
    String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
    return line.length() > TEXT_MAX ? line.substring(0, TEXT_MAX) + "…" : line;
  }

  private static SSLContext tls(NodeIdentity node) throws GeneralSecurityException, IOException {
    char[] none = {};
    KeyStore own = KeyStore.getInstance("PKCS12");
    own.load(null, none);
    own.setKeyEntry("node", node.key(), none, node.chain().toArray(X509Certificate[]::new));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(own, none);
    KeyStore roots = KeyStore.getInstance("PKCS12");
    roots.load(null, none);
    for (X509Certificate root : node.root().certificates()) {
      roots.setCertificateEntry("root" + roots.size(), root);
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(roots);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }
}
