package dev.swarm.core.control.cluster;

import dev.swarm.core.model.Node;
import dev.swarm.core.pki.Validity;
import dev.swarm.core.spec.Durations;
import docker.swarmkit.v1.BlacklistedCertificate;
import docker.swarmkit.v1.CAConfig;
import docker.swarmkit.v1.Cluster;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Certificates of removed nodes, refused until they expire. */
public final class Blacklist {
  /** How long an entry outlives its certificate, for clocks that are wrong. */
  private static final Duration GRACE = Duration.ofDays(7);

  private Blacklist() {}

  /** The cluster with {@code node} on its blacklist and what is long over off it. */
  public static Cluster with(Cluster cluster, Node node, Instant now) {
    BlacklistedCertificate.Builder entry = BlacklistedCertificate.newBuilder();
    expiry(cluster, node, now).ifPresent(at -> entry.setExpiry(Durations.toWire(at)));
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

  /**
   * The end of the last certificate that the node can have. A state that was restored from an older
   * one does not know of all that were issued, but how long they last.
   */
  private static Optional<Instant> expiry(Cluster cluster, Node node, Instant now) {
    if (node.issued().until().equals(Instant.EPOCH)) {
      return Optional.empty(); // then it is refused for ever
    }
    Instant unheardOf = now.plus(longest(cluster.getSpec().getCaConfig()));
    return Optional.of(
        node.issued().until().isAfter(unheardOf) ? node.issued().until() : unheardOf);
  }

  private static Duration longest(CAConfig config) {
    Duration asked =
        config.hasNodeCertExpiry() ? Durations.toJava(config.getNodeCertExpiry()) : Duration.ZERO;
    Duration usual = Validity.DEFAULT.lifetime();
    return asked.compareTo(usual) > 0 ? asked : usual;
  }
}
