package dev.swarm.manager.ca;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.swarm.core.control.cluster.ClusterControl;
import dev.swarm.core.control.cluster.RootRotations;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.pki.CertificateAuthority;
import dev.swarm.core.pki.CertificateRequest;
import dev.swarm.core.pki.CredentialException;
import dev.swarm.core.pki.NodeIdentity;
import dev.swarm.core.pki.PrivateKeys;
import dev.swarm.core.pki.RootCertificate;
import dev.swarm.core.port.Clock;
import dev.swarm.core.store.Change;
import docker.swarmkit.v1.CAConfig;
import docker.swarmkit.v1.Cluster;
import docker.swarmkit.v1.IssuanceStatus;
import docker.swarmkit.v1.IssueNodeCertificateRequest;
import docker.swarmkit.v1.NodeSpec;
import docker.swarmkit.v1.NodeTLSInfo;
import docker.swarmkit.v1.RootCA;
import docker.swarmkit.v1.UpdateClusterRequest;
import docker.swarmkit.v1.Version;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A cluster goes from one root to another, and nobody is locked out on the way. */
class RootRotationTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final SecureRandom RANDOM = new SecureRandom();

  private final AtomicInteger drawn = new AtomicInteger();
  private final CommitsAtOnce requests = new CommitsAtOnce(NOW);
  private final ClusterKeys secrets = new ClusterKeys(new Still(), RANDOM);
  private final CertificateIssuer issuer =
      new CertificateIssuer(requests, this::id, new Still(), RANDOM, Optional.empty());
  private final ClusterBootstrap founding =
      ClusterBootstrap.create(
          ClusterBootstrap.defaultSpec(), NodeSpec.Availability.ACTIVE, this::id, RANDOM, NOW);
  private final NodeId manager = founding.node().id();

  RootRotationTest() {
    requests.commit(
        List.of(new Change.PutCluster(founding.cluster()), new Change.PutNode(founding.node())));
  }

  private record Still() implements Clock {
    @Override
    public Instant now() {
      return NOW;
    }

    @Override
    public long nanoTime() {
      return 0;
    }
  }

  private String id() {
    return "id" + drawn.incrementAndGet();
  }

  private Cluster cluster() {
    return requests.snapshot().cluster().orElseThrow().object();
  }

  private RootCA root() {
    return cluster().getRootCa();
  }

  private Node node(NodeId id) {
    return requests.snapshot().nodes().find(id).orElseThrow();
  }

  private void update(CAConfig.Builder config) {
    var stored = requests.snapshot().cluster().orElseThrow();
    requests
        .submit(
            ClusterControl.update(
                UpdateClusterRequest.newBuilder()
                    .setClusterId(stored.id())
                    .setClusterVersion(Version.newBuilder().setIndex(stored.meta().version()))
                    .setSpec(stored.object().getSpec().toBuilder().setCaConfig(config))
                    .build(),
                secrets))
        .toCompletableFuture()
        .join();
  }

  private CAConfig.Builder config() {
    return cluster().getSpec().getCaConfig().toBuilder();
  }

  private void step() {
    requests.submit(RootRotations.step(secrets)).toCompletableFuture().join();
  }

  private boolean isAsked(NodeId id) {
    return node(id).certificate().getStatus().getState() == IssuanceStatus.State.ROTATE;
  }

  /** The node renews, and checks what it gets by what it trusts. */
  private NodeIdentity renew(NodeId id, RootCertificate trusted) throws CredentialException {
    KeyPair keys = PrivateKeys.generate(RANDOM);
    byte[] csr = CertificateRequest.create(keys, RANDOM).pem();
    issuer
        .issue(
            id,
            true,
            IssueNodeCertificateRequest.newBuilder().setCsr(ByteString.copyFrom(csr)).build())
        .toCompletableFuture()
        .join();
    return NodeIdentity.of(
        trusted, node(id).certificate().getCertificate().toByteArray(), keys.getPrivate());
  }

  /** The node registers with what its certificate says. */
  private void tells(NodeId id, NodeIdentity identity) {
    Node node = node(id);
    NodeTLSInfo tls =
        NodeTLSInfo.newBuilder()
            .setCertIssuerPublicKey(ByteString.copyFrom(identity.issuerPublicKey()))
            .setCertIssuerSubject(ByteString.copyFrom(identity.issuerSubject()))
            .build();
    requests.commit(
        List.of(
            new Change.PutNode(
                node.withDescription(node.description().toBuilder().setTlsInfo(tls).build()))));
  }

  @Test
  void everybodyFollows() throws CredentialException {
    RootCertificate before = RootCertificate.parse(root().getCaCert().toByteArray());
    String token = root().getJoinTokens().getWorker();
    update(config().setForceRotate(1));
    assertTrue(root().hasRootRotation());
    assertArrayEquals(before.pem(), issued().toByteArray(), "strangers check by the old root");
    step();
    assertTrue(isAsked(manager));
    step();

    NodeIdentity renewed = renew(manager, before);
    assertFalse(isAsked(manager));
    step();
    assertFalse(isAsked(manager), "it has been given one; it only has to say so");
    assertTrue(root().hasRootRotation());
    tells(manager, renewed);
    step();

    assertFalse(root().hasRootRotation());
    RootCertificate after = RootCertificate.parse(root().getCaCert().toByteArray());
    assertNotEquals(before.digest(), after.digest());
    assertEquals(after.digest(), root().getCaCertHash());
    assertNotEquals(token, root().getJoinTokens().getWorker());
    // What it got on the way holds by the new root alone, and so does what it gets from now on.
    assertEquals(manager.value(), renewed.withRoot(after).nodeId());
    assertEquals(1, renew(manager, after).chain().size());
    step();
    assertFalse(isAsked(manager));
  }

  private ByteString issued() {
    try {
      return issuer.rootCertificate();
    } catch (dev.swarm.core.plan.Rejection.RejectedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aGivenRootIsTakenByteForByte() throws CredentialException {
    CertificateAuthority given = CertificateAuthority.create(NOW, RANDOM);
    update(
        config()
            .setForceRotate(1)
            .setSigningCaCert(ByteString.copyFrom(given.root().pem()))
            .setSigningCaKey(ByteString.copyFrom(given.keyPem())));
    RootCertificate before = RootCertificate.parse(root().getCaCert().toByteArray());
    tells(manager, renew(manager, before));
    step();
    assertArrayEquals(given.root().pem(), root().getCaCert().toByteArray());
  }

  @Test
  void aNodeThatIsSilentHoldsItUp() throws CredentialException {
    RootCertificate before = RootCertificate.parse(root().getCaCert().toByteArray());
    NodeId worker =
        new NodeId(
            issuer
                .issue(
                    NodeId.NONE,
                    true,
                    IssueNodeCertificateRequest.newBuilder()
                        .setToken(root().getJoinTokens().getWorker())
                        .setCsr(
                            ByteString.copyFrom(
                                CertificateRequest.create(PrivateKeys.generate(RANDOM), RANDOM)
                                    .pem()))
                        .build())
                .toCompletableFuture()
                .join()
                .getNodeId());
    update(config().setForceRotate(1));
    tells(manager, renew(manager, before));
    step();
    assertTrue(isAsked(worker));
    assertTrue(root().hasRootRotation());
    tells(worker, renew(worker, before));
    step();
    assertFalse(root().hasRootRotation());
  }
}
