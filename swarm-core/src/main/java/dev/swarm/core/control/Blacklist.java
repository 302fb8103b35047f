package dev.swarm.core.control;

import dev.swarm.core.model.Node;
import dev.swarm.core.spec.Durations;
import docker.swarmkit.v1.BlacklistedCertificate;
import docker.swarmkit.v1.Cluster;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Certificates of removed nodes: refused until they would be worthless anyway. */
final class Blacklist {
  /** How long an entry outlives its certificate, for clocks that are wrong. */
  private static final Duration GRACE = Duration.ofDays(7);

  private Blacklist() {}

  /** The cluster with {@code node} on its blacklist and what is long over off it. */
  static Cluster with(Cluster cluster, Node node, Instant now) {
    BlacklistedCertificate.Builder entry = BlacklistedCertificate.newBuilder();
    expiry(node).ifPresent(at -> entry.setExpiry(Durations.toWire(at)));
    return withoutExpired(cluster, now).toBuilder()
        .putBlacklistedCertificates(node.id().value(), entry.build())
        .build();
  }

  /** An entry that does not know its certificate's end stays for ever. */
  static Cluster withoutExpired(Cluster cluster, Instant now) {
    List<String> over =
        cluster.getBlacklistedCertificatesMap().entrySet().stream()
            .filter(entry -> entry.getValue().hasExpiry())
            .filter(
                entry -> Durations.toJava(entry.getValue().getExpiry()).plus(GRACE).isBefore(now))
            .map(entry -> entry.getKey())
            .toList();
    if (over.isEmpty()) {
      return cluster;
    }
    Cluster.Builder rest = cluster.toBuilder();
    over.forEach(rest::removeBlacklistedCertificates);
    return rest.build();
  }

  private static Optional<Instant> expiry(Node node) {
    byte[] pem = node.certificate().getCertificate().toByteArray();
    if (pem.length == 0) {
      return Optional.empty();
    }
    try {
      X509Certificate certificate =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(pem));
      return Optional.of(certificate.getNotAfter().toInstant());
    } catch (CertificateException unreadable) {
      return Optional.empty(); // then it is refused for ever
    }
  }
}
