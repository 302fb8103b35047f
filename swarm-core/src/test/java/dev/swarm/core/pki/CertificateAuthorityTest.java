package dev.swarm.core.pki;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import docker.swarmkit.v1.NodeRole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stories of a root, the certificates it signs, and its replacement. */
class CertificateAuthorityTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final String CLUSTER = "cluster00000000000000000a";
  private static final String NODE = "node000000000000000000001";

  private final Seeded random = new Seeded(7);
  private final CertificateAuthority authority = CertificateAuthority.create(NOW, random);

  private NodeIdentity issue(CertificateAuthority by, RootCertificate trusted, NodeRole role)
      throws CredentialException {
    KeyPair keys = PrivateKeys.generate(random);
    var request = CertificateRequest.parse(CertificateRequest.create(keys, random).pem());
    var subject = new PeerIdentity(CLUSTER, role, NODE);
    byte[] chain = by.issue(request, subject, Validity.DEFAULT, NOW, random);
    return NodeIdentity.of(trusted, chain, keys.getPrivate());
  }

  private static Set<String> names(X509Certificate certificate) throws Exception {
    return certificate.getSubjectAlternativeNames().stream()
        .map(entry -> String.valueOf(entry.get(1)))
        .collect(Collectors.toSet());
  }

  @Test
  void theRootIsWhatEnginesExpect() throws Exception {
    X509Certificate root = authority.root().certificates().getFirst();
    assertEquals("CN=swarm-ca", root.getSubjectX500Principal().getName());
    assertEquals(root.getSubjectX500Principal(), root.getIssuerX500Principal());
    assertEquals("SHA256withECDSA", root.getSigAlgName());
    assertEquals(Integer.MAX_VALUE, root.getBasicConstraints());
    assertEquals(Set.of("2.5.29.15", "2.5.29.19"), root.getCriticalExtensionOIDs());
    assertArrayEquals(
        new boolean[] {false, false, false, false, false, true, true, false, false},
        root.getKeyUsage());
    authority.root().requireValidAt(NOW);
    authority.root().requireValidAt(NOW.plus(Duration.ofDays(7000)));
    assertTrue(new String(authority.root().pem(), US_ASCII).endsWith("-----\n"));
  }

  @Test
  void aLeafNamesClusterRoleAndNode() throws Exception {
    NodeIdentity manager = issue(authority, authority.root(), NodeRole.MANAGER);
    X509Certificate leaf = manager.chain().getFirst();
    assertEquals(new PeerIdentity(CLUSTER, NodeRole.MANAGER, NODE), manager.self());
    assertEquals(Set.of("swarm-manager", NODE, "swarm-ca"), names(leaf));
    assertEquals(-1, leaf.getBasicConstraints());
    assertEquals(List.of("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"), leaf.getExtendedKeyUsage());
    assertEquals(NOW.minus(Duration.ofHours(1)), manager.notBefore());
    assertEquals(NOW.plus(Duration.ofDays(90)), manager.notAfter());
    assertTrue(leaf.getSerialNumber().signum() > 0);
    assertTrue(leaf.getSerialNumber().toByteArray().length <= 20);

    NodeIdentity worker = issue(authority, authority.root(), NodeRole.WORKER);
    assertEquals(Set.of("swarm-worker", NODE), names(worker.chain().getFirst()));
    assertNotEquals(leaf.getSerialNumber(), worker.chain().getFirst().getSerialNumber());
  }

  @Test
  void anIdentityIsRefusedUnderAnotherRootOrKeyAndOutOfDate() throws Exception {
    CertificateAuthority stranger = CertificateAuthority.create(NOW, random);
    assertThrows(
        CredentialException.class, () -> issue(stranger, authority.root(), NodeRole.WORKER));
    NodeIdentity node = issue(authority, authority.root(), NodeRole.WORKER);
    var otherKey = PrivateKeys.generate(random).getPrivate();
    assertThrows(
        CredentialException.class,
        () -> NodeIdentity.of(authority.root(), node.chainPem(), otherKey));
    node.requireValidAt(NOW);
    var expired =
        assertThrows(
            CredentialException.class, () -> node.requireValidAt(NOW.plus(Duration.ofDays(91))));
    assertTrue(expired.getMessage().contains("expired"), expired.getMessage());
    assertThrows(
        CredentialException.class, () -> node.requireValidAt(NOW.minus(Duration.ofHours(2))));
  }

  @Test
  void anAuthoritySurvivesStorage() throws Exception {
    CertificateAuthority loaded =
        CertificateAuthority.load(authority.root().pem(), authority.keyPem());
    assertEquals(authority.root(), loaded.root());
    issue(loaded, authority.root(), NodeRole.WORKER).requireValidAt(NOW);
    CertificateAuthority other = CertificateAuthority.create(NOW, random);
    assertThrows(
        CredentialException.class,
        () -> CertificateAuthority.load(authority.root().pem(), other.keyPem()));
  }

  @Test
  void aRotationIsTrustedOnBothSides() throws Exception {
    CertificateAuthority next = CertificateAuthority.create(NOW, random);
    byte[] cross = authority.crossSign(next.root(), NOW, random);
    CertificateAuthority bridging = next.withIntermediate(cross);

    NodeIdentity old = issue(authority, authority.root(), NodeRole.WORKER);
    NodeIdentity moved = issue(bridging, authority.root(), NodeRole.WORKER);
    assertEquals(2, moved.chain().size());
    assertArrayEquals(
        next.root().certificates().getFirst().getPublicKey().getEncoded(), moved.issuerPublicKey());
    assertArrayEquals(
        authority.root().certificates().getFirst().getPublicKey().getEncoded(),
        old.issuerPublicKey());

    RootCertificate both = authority.root().and(next.root());
    assertEquals(2, both.certificates().size());
    moved.withRoot(both).requireValidAt(NOW);
    old.withRoot(both).requireValidAt(NOW);
    NodeIdentity done = moved.withRoot(next.root());
    done.requireValidAt(NOW);
    assertArrayEquals(moved.issuerPublicKey(), done.issuerPublicKey());
    assertThrows(CredentialException.class, () -> old.withRoot(next.root()));
    assertThrows(CredentialException.class, () -> authority.withIntermediate(cross));
  }

  @Test
  void renewalFallsBetweenHalfAndFourFifths() throws Exception {
    NodeIdentity node = issue(authority, authority.root(), NodeRole.WORKER);
    Duration life = Duration.between(node.notBefore(), node.notAfter());
    assertEquals(node.notBefore().plus(life.dividedBy(2)), node.renewAt(0));
    assertTrue(
        node.renewAt(0.999).isBefore(node.notBefore().plus(life.multipliedBy(4).dividedBy(5))));
    assertTrue(
        node.renewAt(0.999).isAfter(node.notBefore().plus(life.multipliedBy(3).dividedBy(4))));
  }

  @Test
  void theDigestIsOverExactBytes() throws Exception {
    byte[] pem = authority.root().pem();
    byte[] noNewline = java.util.Arrays.copyOf(pem, pem.length - 1);
    assertNotEquals(authority.root().digest(), RootCertificate.parse(noNewline).digest());
    assertFalse(authority.root().equals(RootCertificate.parse(noNewline)));
    assertEquals(2, RootCertificate.parse(noNewline).and(authority.root()).certificates().size());
    assertEquals(authority.root().digest(), RootCertificate.parse(pem).digest());
  }

  @Test
  void aLeafIsNoRoot() throws Exception {
    NodeIdentity node = issue(authority, authority.root(), NodeRole.MANAGER);
    assertThrows(CredentialException.class, () -> RootCertificate.parse(node.chainPem()));
    byte[] key = PrivateKeys.encode(node.key());
    assertThrows(CredentialException.class, () -> CertificateAuthority.load(node.chainPem(), key));
  }

  @Test
  void openSslAgrees(@TempDir Path directory) throws Exception {
    CertificateAuthority next = CertificateAuthority.create(NOW, random);
    CertificateAuthority bridging =
        next.withIntermediate(authority.crossSign(next.root(), NOW, random));
    NodeIdentity moved = issue(bridging, authority.root(), NodeRole.MANAGER);
    Path root = Files.write(directory.resolve("root.pem"), authority.root().pem());
    Path chain = Files.write(directory.resolve("chain.pem"), moved.chainPem());
    Path key = Files.write(directory.resolve("key.pem"), PrivateKeys.encode(moved.key()));
    String at = String.valueOf(NOW.getEpochSecond());
    assertEquals(
        0,
        openSsl(
            "verify",
            "-x509_strict",
            "-attime",
            at,
            "-CAfile",
            root.toString(),
            "-untrusted",
            chain.toString(),
            chain.toString()));
    assertEquals(0, openSsl("pkey", "-in", key.toString(), "-check", "-noout"));
    byte[] request = CertificateRequest.create(PrivateKeys.generate(random), random).pem();
    Path csr = Files.write(directory.resolve("csr.pem"), request);
    assertEquals(0, openSsl("req", "-verify", "-noout", "-in", csr.toString()));
    assertTrue(request.length > 300 && request.length < 345, "bytes: " + request.length);
  }

  private static int openSsl(String... arguments) throws InterruptedException {
    List<String> command = new java.util.ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments));
    try {
      return new ProcessBuilder(command).inheritIO().start().waitFor();
    } catch (IOException e) {
      Assumptions.abort("no openssl here");
      return -1;
    }
  }
}
