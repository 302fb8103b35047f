package dev.swarm.core.control.cluster;

import dev.swarm.core.control.Checks;
import dev.swarm.core.model.Cluster;
import dev.swarm.core.plan.Rejection;
import docker.swarmkit.v1.AcceptancePolicy.RoleAdmissionPolicy;
import docker.swarmkit.v1.CAConfig;
import docker.swarmkit.v1.ClusterSpec;
import docker.swarmkit.v1.ExternalCA;
import docker.swarmkit.v1.RaftConfig;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Rules for a cluster's spec. */
final class ClusterRules {
  private static final int SPEC_BYTES_MAX = 256 << 10;
  private static final Duration HEARTBEAT_MIN = Duration.ofSeconds(1);
  private static final Duration CERT_EXPIRY_MIN = Duration.ofHours(1);

  /** Any negative number means to keep every task, as in swarmkit. */
  private static final long TASK_HISTORY_MAX = 1000;

  private static final int EXTERNAL_MAX = 16;
  private static final int URL_MAX = 2000;

  private ClusterRules() {}

  static Optional<Rejection> check(boolean present, ClusterSpec spec) {
    return Checks.refuseIf(!present, "the spec of the cluster is missing")
        .or(() -> Checks.size(spec, SPEC_BYTES_MAX, "spec of the cluster"))
        .or(
            () ->
                Checks.durationAtLeast(
                    spec.getDispatcher().getHeartbeatPeriod(),
                    HEARTBEAT_MIN,
                    "1s (or 0 to let the manager choose)",
                    "dispatcher-heartbeat"))
        .or(() -> certificates(spec.getCaConfig()))
        .or(
            () ->
                Checks.range(
                    Math.max(0, spec.getOrchestration().getTaskHistoryRetentionLimit()),
                    0,
                    TASK_HISTORY_MAX,
                    "task-history-limit"))
        .or(() -> raft(spec.getRaft()))
        .or(() -> Checks.each(policies(spec), ClusterRules::admission))
        .or(
            () ->
                Checks.refuseIf(
                    spec.getCaConfig().getExternalCasCount() > EXTERNAL_MAX,
                    "at most " + EXTERNAL_MAX + " external CAs"))
        .or(() -> Checks.each(spec.getCaConfig().getExternalCasList(), ClusterRules::external));
  }

  private static Optional<Rejection> certificates(CAConfig ca) {
    if (!ca.hasNodeCertExpiry()) {
      return Checks.OK;
    }
    return Checks.duration(ca.getNodeCertExpiry(), "cert-expiry")
        .or(
            () ->
                Checks.refuseIf(
                    ca.getNodeCertExpiry().getSeconds() < CERT_EXPIRY_MIN.toSeconds(),
                    "minimum certificate expiry time is: 1h0m0s"));
  }

  private static Optional<Rejection> raft(RaftConfig raft) {
    long election = Integer.toUnsignedLong(raft.getElectionTick());
    long heartbeat = Integer.toUnsignedLong(raft.getHeartbeatTick());
    return Checks.refuseIf(
            election != 0 && heartbeat != 0 && election <= heartbeat,
            "the election tick of raft must be greater than its heartbeat tick")
        .or(() -> count(raft.getSnapshotInterval(), "snapshot interval"))
        .or(() -> count(raft.getKeepOldSnapshots(), "number of old snapshots to keep"))
        .or(
            () ->
                count(
                    raft.getLogEntriesForSlowFollowers(),
                    "number of log entries for slow followers"));
  }

  private static Optional<Rejection> count(long value, String what) {
    return Checks.range(value, 0, Long.MAX_VALUE, "the raft " + what);
  }

  @SuppressWarnings("deprecation") // older clients still send it
  private static List<RoleAdmissionPolicy> policies(ClusterSpec spec) {
    return spec.getAcceptancePolicy().getPoliciesList();
  }

  private static Optional<Rejection> admission(RoleAdmissionPolicy policy) {
    return Checks.refuseIf(
        policy.hasSecret() && !policy.getSecret().getAlg().equalsIgnoreCase("bcrypt"),
        "hashing algorithm is not supported: " + policy.getSecret().getAlg());
  }

  /** A certificate that is nobody's root has no effect and is taken, as swarmkit takes it. */
  private static Optional<Rejection> external(ExternalCA authority) {
    return Checks.refuseIf(
            authority.getProtocol() != ExternalCA.CAProtocol.CFSSL,
            "the only protocol of an external CA is cfssl")
        .or(
            () ->
                Checks.refuseIf(
                    !isHttps(authority.getUrl()),
                    "an external CA needs a URL that begins with https://"));
  }

  private static boolean isHttps(String url) {
    try {
      URI uri = new URI(url);
      return url.length() <= URL_MAX && "https".equals(uri.getScheme()) && uri.getHost() != null;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  /** What depends on the cluster as it is. */
  static Optional<Rejection> checkAgainst(Cluster old, ClusterSpec spec) {
    return Checks.refuseIf(
        !old.name().equals(spec.getAnnotations().getName()),
        "modification of cluster name is not allowed: it is '" + old.name() + "'");
  }
}
