package dev.swarm.cli.node.engineapi.json;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import docker.swarmkit.v1.CAConfig;
import docker.swarmkit.v1.Cluster;
import docker.swarmkit.v1.ClusterSpec;
import docker.swarmkit.v1.DispatcherConfig;
import docker.swarmkit.v1.EncryptionConfig;
import docker.swarmkit.v1.ExternalCA;
import docker.swarmkit.v1.JoinTokens;
import docker.swarmkit.v1.OrchestrationConfig;
import docker.swarmkit.v1.RaftConfig;
import docker.swarmkit.v1.RootCA;
import docker.swarmkit.v1.TaskDefaults;
import java.io.IOException;
import java.io.InputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;

/** JSON shapes of the cluster's spec, and of the swarm as users see it. */
public final class ClusterShapes {
  private static final Shape RAFT =
      Shape.of(RaftConfig.getDefaultInstance())
          .field("SnapshotInterval", "snapshot_interval")
          .always("KeepOldSnapshots", "keep_old_snapshots")
          .field("LogEntriesForSlowFollowers", "log_entries_for_slow_followers")
          .always("ElectionTick", "election_tick")
          .always("HeartbeatTick", "heartbeat_tick")
          .build();

  private static final Shape EXTERNAL_CA =
      Shape.of(ExternalCA.getDefaultInstance())
          .required("Protocol", "protocol")
          .always("URL", "url")
          .field("Options", "options")
          .always("CACert", "ca_cert", Scalar.TEXT)
          .build();

  private static final Shape CA_CONFIG =
      Shape.of(CAConfig.getDefaultInstance())
          .field("NodeCertExpiry", "node_cert_expiry")
          .field("ExternalCAs", "external_cas", EXTERNAL_CA)
          .secret("SigningCACert", "signing_ca_cert", Scalar.TEXT)
          .secret("SigningCAKey", "signing_ca_key", Scalar.TEXT)
          .field("ForceRotate", "force_rotate")
          .build();

  /** What a client sends to initialise or update a swarm; merged over what is there. */
  public static final Shape CLUSTER_SPEC =
      Shape.of(ClusterSpec.getDefaultInstance())
          .inline("annotations", CommonShapes.ANNOTATIONS)
          .always(
              "Orchestration",
              "orchestration",
              Shape.of(OrchestrationConfig.getDefaultInstance())
                  .always("TaskHistoryRetentionLimit", "task_history_retention_limit")
                  .build())
          .always("Raft", "raft", RAFT)
          .always(
              "Dispatcher",
              "dispatcher",
              Shape.of(DispatcherConfig.getDefaultInstance())
                  .field("HeartbeatPeriod", "heartbeat_period")
                  .build())
          .always("CAConfig", "ca_config", CA_CONFIG)
          .always(
              "TaskDefaults",
              "task_defaults",
              Shape.of(TaskDefaults.getDefaultInstance())
                  .field("LogDriver", "log_driver", CommonShapes.DRIVER)
                  .build())
          .always(
              "EncryptionConfig",
              "encryption_config",
              Shape.of(EncryptionConfig.getDefaultInstance())
                  .always("AutoLockManagers", "auto_lock_managers")
                  .build())
          .build();

  private static final Shape TOKENS =
      Shape.of(JoinTokens.getDefaultInstance())
          .always("Worker", "worker")
          .always("Manager", "manager")
          .build();

  /** The cluster without its join tokens, as in {@code /info}; only ever written. */
  public static final Shape CLUSTER_INFO = info().build();

  /** The cluster with its join tokens, as in {@code /swarm}; only ever written. */
  public static final Shape SWARM =
      info()
          .written(
              (from, out) ->
                  out.set("JoinTokens", TOKENS.write(((Cluster) from).getRootCa().getJoinTokens())))
          .build();

  private ClusterShapes() {}

  private static Shape.Builder info() {
    return Shape.of(Cluster.getDefaultInstance())
        .always("ID", "id")
        .inline("meta", CommonShapes.META)
        .always("Spec", "spec", CLUSTER_SPEC)
        .written((from, out) -> rootState(((Cluster) from).getRootCa(), out))
        .always("DefaultAddrPool", "defaultAddressPool")
        .always("SubnetSize", "subnetSize")
        .always("DataPathPort", "VXLANUDPPort");
  }

  private static void rootState(RootCA root, ObjectNode out) {
    ObjectNode tls = out.putObject("TLSInfo");
    if (!root.getCaCert().isEmpty()) {
      tls.put("TrustRoot", root.getCaCert().toStringUtf8());
      issuer(root.hasRootRotation() ? root.getRootRotation().getCaCert() : root.getCaCert(), tls);
    }
    out.put("RootRotationInProgress", root.hasRootRotation());
  }

  /** Leaves the issuer out where the manager's certificate cannot be read. */
  private static void issuer(ByteString pem, ObjectNode tls) {
    try (InputStream in = pem.newInput()) {
      var root = (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
      Base64.Encoder base64 = Base64.getEncoder();
      tls.put(
          "CertIssuerSubject", base64.encodeToString(root.getSubjectX500Principal().getEncoded()));
      tls.put("CertIssuerPublicKey", base64.encodeToString(root.getPublicKey().getEncoded()));
    } catch (CertificateException | IOException e) {
      tls.remove("CertIssuerSubject");
    }
  }
}
