package dev.swarm.manager.ca;

import com.google.protobuf.ByteString;
import dev.swarm.core.control.cluster.ExternalAuthorities;
import dev.swarm.core.control.cluster.RootRotations;
import dev.swarm.core.control.cluster.UnlockKeys;
import dev.swarm.core.control.node.NodeAdmission;
import dev.swarm.core.model.Cluster;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.pki.CertificateAuthority;
import dev.swarm.core.pki.CertificateRequest;
import dev.swarm.core.pki.CredentialException;
import dev.swarm.core.pki.JoinToken;
import dev.swarm.core.pki.PeerIdentity;
import dev.swarm.core.pki.RootCertificate;
import dev.swarm.core.pki.Validity;
import dev.swarm.core.plan.Rejection;
import dev.swarm.core.plan.Rejection.RejectedException;
import dev.swarm.core.plan.Requests;
import dev.swarm.core.port.Clock;
import dev.swarm.core.port.IdSource;
import dev.swarm.core.spec.Durations;
import docker.swarmkit.v1.CAConfig;
import docker.swarmkit.v1.Certificate;
import docker.swarmkit.v1.GetUnlockKeyResponse;
import docker.swarmkit.v1.IssuanceStatus;
import docker.swarmkit.v1.IssueNodeCertificateRequest;
import docker.swarmkit.v1.IssueNodeCertificateResponse;
import docker.swarmkit.v1.JoinTokens;
import docker.swarmkit.v1.NodeCertificateStatusResponse;
import docker.swarmkit.v1.NodeRole;
import docker.swarmkit.v1.NodeSpec;
import docker.swarmkit.v1.RootCA;
import docker.swarmkit.v1.RootRotation;
import docker.swarmkit.v1.Version;
import java.net.URI;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Issues certificates to nodes: to a stranger against a join token, to a member before the old one
 * expires. Everything in a certificate but the public key is decided here. Safe for many threads.
 */
public final class CertificateIssuer {
  private final Requests requests;
  private final IdSource ids;
  private final Clock clock;
  private final SecureRandom random;
  private final Optional<Validity> validity;
  private final OutsideAuthority outside;
  private final Executor blocking;
  private volatile @Nullable Loaded loaded;

  /** An authority and the bytes it was made from, so that it is made once a root. */
  private record Loaded(RootCA root, CertificateAuthority authority) {}

  /**
   * @param validity in place of what the cluster's spec says; for clusters whose certificates must
   *     not last an hour
   */
  public CertificateIssuer(
      Requests requests,
      IdSource ids,
      Clock clock,
      SecureRandom random,
      Optional<Validity> validity) {
    this(
        requests,
        ids,
        clock,
        random,
        validity,
        (addresses, request, subject) -> {
          throw new CredentialException("this manager cannot ask an external CA");
        },
        Runnable::run);
  }

  /**
   * @param outside asked where the cluster's spec names external authorities
   * @param blocking where that happens
   */
  public CertificateIssuer(
      Requests requests,
      IdSource ids,
      Clock clock,
      SecureRandom random,
      Optional<Validity> validity,
      OutsideAuthority outside,
      Executor blocking) {
    this.requests = requests;
    this.ids = ids;
    this.clock = clock;
    this.random = random;
    this.validity = validity;
    this.outside = outside;
    this.blocking = blocking;
  }

  /** The root that nodes check against the digest in their token, byte for byte. */
  public ByteString rootCertificate() throws RejectedException {
    return cluster().object().getRootCa().getCaCert();
  }

  /** What managers' disks are sealed with; no key where managers are not locked. */
  public GetUnlockKeyResponse unlockKey() throws RejectedException {
    Cluster cluster = cluster();
    return GetUnlockKeyResponse.newBuilder()
        .setUnlockKey(UnlockKeys.of(cluster.object()).orElse(ByteString.EMPTY))
        .setVersion(Version.newBuilder().setIndex(cluster.meta().version()))
        .build();
  }

  private Cluster cluster() throws RejectedException {
    return requests
        .snapshot()
        .cluster()
        .orElseThrow(
            () ->
                new RejectedException(
                    new Rejection(
                        Rejection.Kind.UNAVAILABLE, "the cluster is not ready yet; try again")));
  }

  /**
   * Issues a certificate.
   *
   * @param caller the node that asks, or {@link NodeId#NONE} for one that wants to join
   * @param keepsLog whether the caller's program says that it can take part in the managers' log
   */
  public CompletionStage<IssueNodeCertificateResponse> issue(
      NodeId caller, boolean keepsLog, IssueNodeCertificateRequest request) {
    try {
      Cluster cluster = cluster();
      CertificateRequest csr = CertificateRequest.parse(request.getCsr().toByteArray());
      return caller.isNone() || !request.getToken().isEmpty()
          ? join(cluster, csr, keepsLog, request)
          : renew(cluster, csr, caller);
    } catch (RejectedException e) {
      return CompletableFuture.failedFuture(e);
    } catch (CredentialException e) {
      return failed(Rejection.invalid(e.getMessage()));
    }
  }

  private static <R> CompletionStage<R> failed(Rejection rejection) {
    return CompletableFuture.failedFuture(new RejectedException(rejection));
  }

  private CompletionStage<IssueNodeCertificateResponse> join(
      Cluster cluster,
      CertificateRequest csr,
      boolean keepsLog,
      IssueNodeCertificateRequest request)
      throws CredentialException {
    Optional<NodeRole> role =
        roleOf(request.getToken(), cluster.object().getRootCa().getJoinTokens());
    if (role.isEmpty()) {
      return failed(Rejection.invalid("A valid join token is necessary to join this cluster"));
    }
    if (role.get() == NodeRole.MANAGER && !keepsLog) {
      return failed(
          new Rejection(
              Rejection.Kind.FAILED_PRECONDITION,
              "only nodes that run this cluster's own program can be its managers: join with the"
                  + " worker token"));
    }
    if (request.getAvailability() == NodeSpec.Availability.UNRECOGNIZED) {
      return failed(Rejection.invalid("the availability of a node is active, pause or drain"));
    }
    NodeId id = new NodeId(ids.next());
    return sign(cluster, csr, id, role.get())
        .thenCompose(
            certificate ->
                requests.submit(
                    NodeAdmission.join(id, role.get(), request.getAvailability(), certificate)))
        .thenApply(CertificateIssuer::response);
  }

  /** Whether a machine may join by this token; also where there is no cluster to ask yet. */
  boolean takes(String token) {
    Optional<Cluster> cluster = requests.snapshot().cluster();
    try {
      return cluster.isEmpty()
          || roleOf(token, cluster.get().object().getRootCa().getJoinTokens()).isPresent();
    } catch (CredentialException e) {
      return true; // the cluster's own tokens cannot be read: it is said where they are used
    }
  }

  private static Optional<NodeRole> roleOf(String presented, JoinTokens tokens)
      throws CredentialException {
    if (JoinToken.parse(tokens.getWorker()).matches(presented)) {
      return Optional.of(NodeRole.WORKER);
    }
    return JoinToken.parse(tokens.getManager()).matches(presented)
        ? Optional.of(NodeRole.MANAGER)
        : Optional.empty();
  }

  private CompletionStage<IssueNodeCertificateResponse> renew(
      Cluster cluster, CertificateRequest csr, NodeId caller) throws CredentialException {
    Node known = requests.snapshot().nodes().get(caller);
    if (known == null) {
      return failed(NodeAdmission.notRegistered());
    }
    // What is wished becomes the role in its own time: a voter keeps its rights until it has left.
    NodeRole role = known.role();
    return sign(cluster, csr, caller, role)
        .thenCompose(certificate -> requests.submit(NodeAdmission.renew(caller, role, certificate)))
        .thenApply(CertificateIssuer::response);
  }

  private static IssueNodeCertificateResponse response(NodeId id) {
    return IssueNodeCertificateResponse.newBuilder()
        .setNodeId(id.value())
        .setNodeMembership(NodeSpec.Membership.ACCEPTED)
        .build();
  }

  private CompletionStage<Certificate> sign(
      Cluster cluster, CertificateRequest csr, NodeId id, NodeRole role)
      throws CredentialException {
    PeerIdentity subject = new PeerIdentity(cluster.id(), role, id.value());
    CAConfig config = cluster.object().getSpec().getCaConfig();
    RootCA root = cluster.object().getRootCa();
    List<URI> external = ExternalAuthorities.of(config, root);
    if (external.isEmpty()) {
      byte[] chain =
          authority(cluster)
              .issue(
                  csr, subject, validity.orElseGet(() -> validityOf(config)), clock.now(), random);
      return CompletableFuture.completedFuture(issued(csr, subject, chain));
    }
    return CompletableFuture.supplyAsync(
        () -> issued(csr, subject, signOutside(external, root, csr, subject)), blocking);
  }

  private byte[] signOutside(
      List<URI> addresses, RootCA root, CertificateRequest csr, PeerIdentity subject) {
    try {
      RootCertificate signing = RootCertificate.parse(RootRotations.signing(root).toByteArray());
      byte[] chain =
          csr.requireAnswer(outside.sign(addresses, csr, subject), subject, signing, clock.now());
      // Empty unless there is a rotation.
      ByteString cross = root.getRootRotation().getCrossSignedCaCert();
      return ByteString.copyFrom(chain).concat(cross).toByteArray();
    } catch (CredentialException e) {
      throw new CompletionException(
          new RejectedException(new Rejection(Rejection.Kind.UNAVAILABLE, e.getMessage())));
    }
  }

  private static Certificate issued(CertificateRequest csr, PeerIdentity subject, byte[] chain) {
    return Certificate.newBuilder()
        .setRole(subject.role())
        .setCsr(ByteString.copyFrom(csr.pem()))
        .setStatus(IssuanceStatus.newBuilder().setState(IssuanceStatus.State.ISSUED))
        .setCertificate(ByteString.copyFrom(chain))
        .setCn(subject.nodeId())
        .build();
  }

  /** How long certificates last in a cluster that is configured so. */
  static Validity validityOf(CAConfig config) {
    return config.hasNodeCertExpiry()
        ? Validity.of(Durations.toJava(config.getNodeCertExpiry()))
        : Validity.DEFAULT;
  }

  /** During a rotation the new root signs, and what it signs carries the old one's word for it. */
  private CertificateAuthority authority(Cluster cluster) throws CredentialException {
    RootCA root = cluster.object().getRootCa();
    Loaded known = loaded;
    if (known == null || !known.root().equals(root)) {
      known = new Loaded(root, authority(root));
      loaded = known;
    }
    return known.authority();
  }

  private static CertificateAuthority authority(RootCA root) throws CredentialException {
    boolean elsewhere =
        (root.hasRootRotation() ? root.getRootRotation().getCaKey() : root.getCaKey()).isEmpty();
    if (elsewhere) {
      throw new CredentialException(
          "the root's key is kept elsewhere, and no external CA is configured that signs for it");
    }
    if (!root.hasRootRotation()) {
      return CertificateAuthority.load(
          root.getCaCert().toByteArray(), root.getCaKey().toByteArray());
    }
    RootRotation next = root.getRootRotation();
    return CertificateAuthority.load(next.getCaCert().toByteArray(), next.getCaKey().toByteArray())
        .withIntermediate(next.getCrossSignedCaCert().toByteArray());
  }

  /** How far a node's certificate is: it is issued as soon as the node exists. */
  public NodeCertificateStatusResponse status(NodeId id) throws RejectedException {
    Node node = requests.snapshot().nodes().get(id);
    if (node == null) {
      throw new RejectedException(Rejection.notFound("node " + id + " not found"));
    }
    return NodeCertificateStatusResponse.newBuilder()
        .setStatus(node.certificate().getStatus())
        .setCertificate(node.certificate())
        .build();
  }
}
