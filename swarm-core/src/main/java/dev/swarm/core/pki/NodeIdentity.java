package dev.swarm.core.pki;

import docker.swarmkit.v1.NodeRole;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Credentials of a node: trusted root, certificate chain and private key, checked to belong
 * together. Immutable.
 */
public final class NodeIdentity {
  private static final double RENEW_FROM = 0.5;
  private static final double RENEW_UNTIL = 0.8;

  private final RootCertificate root;
  private final CertificateChain chain;
  private final PrivateKey key;
  private final PeerIdentity self;
  private final X509Certificate issuingRoot;

  private NodeIdentity(
      RootCertificate root,
      CertificateChain chain,
      PrivateKey key,
      PeerIdentity self,
      X509Certificate issuingRoot) {
    this.root = root;
    this.chain = chain;
    this.key = key;
    this.self = self;
    this.issuingRoot = issuingRoot;
  }

  /**
   * Puts an identity together. Dates are not compared with today, so that a node can say that its
   * certificate expired: see {@link #requireValidAt}.
   *
   * @param chainPem the leaf first, each member signed by the next
   * @throws CredentialException if a part is malformed, the key is another's, the chain does not
   *     lead to {@code root}, or the leaf does not name cluster, role and node
   */
  public static NodeIdentity of(RootCertificate root, byte[] chainPem, PrivateKey key)
      throws CredentialException {
    return of(root, CertificateChain.parse(chainPem), key);
  }

  private static NodeIdentity of(RootCertificate root, CertificateChain chain, PrivateKey key)
      throws CredentialException {
    if (!PrivateKeys.match(chain.leaf().getPublicKey(), key)) {
      throw new CredentialException("the node's key does not belong to its certificate");
    }
    X509Certificate issuingRoot = chain.requireSignedBy(root, chain.allBegun());
    return new NodeIdentity(root, chain, key, PeerIdentity.of(chain.leaf()), issuingRoot);
  }

  /**
   * The same certificate under other trusted roots.
   *
   * @throws CredentialException if {@code next} does not answer for the certificate
   */
  public NodeIdentity withRoot(RootCertificate next) throws CredentialException {
    return of(next, chain, key);
  }

  public RootCertificate root() {
    return root;
  }

  /** The leaf, then intermediates. */
  public List<X509Certificate> chain() {
    return chain.certificates();
  }

  /** {@link #chain} in PEM, as it is kept on disk. */
  public byte[] chainPem() {
    return chain.pem();
  }

  public PrivateKey key() {
    return key;
  }

  /** Cluster, role and node id, as others read them from the certificate. */
  public PeerIdentity self() {
    return self;
  }

  /** What others see of it. */
  public PeerCertificate certificate() {
    return new PeerCertificate(self, PeerCertificate.serial(chain.leaf()));
  }

  public String nodeId() {
    return self.nodeId();
  }

  public String clusterId() {
    return self.clusterId();
  }

  public NodeRole role() {
    return self.role();
  }

  public Instant notBefore() {
    return chain.leaf().getNotBefore().toInstant();
  }

  public Instant notAfter() {
    return chain.leaf().getNotAfter().toInstant();
  }

  /**
   * Checks the dates of the chain and its root.
   *
   * @throws CredentialException saying which is not yet, or no longer, valid
   */
  public void requireValidAt(Instant now) throws CredentialException {
    chain.requireValid(root, now);
  }

  /** The DER of the name that signed the leaf: {@code NodeTLSInfo.cert_issuer_subject}. */
  public byte[] issuerSubject() {
    return chain.leaf().getIssuerX500Principal().getEncoded();
  }

  /** The DER of the key that signed the leaf: {@code NodeTLSInfo.cert_issuer_public_key}. */
  public byte[] issuerPublicKey() {
    X509Certificate issuer = chain().size() > 1 ? chain().get(1) : issuingRoot;
    return issuer.getPublicKey().getEncoded();
  }

  /**
   * When to renew: a whole number of minutes into the certificate's life, 50 to 80 % of it. May lie
   * in the past.
   *
   * @param random from 0 (inclusive) to 1: nodes that were started together renew apart
   */
  public Instant renewAt(double random) {
    long minutes = Duration.between(notBefore(), notAfter()).toMinutes();
    double from = minutes * RENEW_FROM;
    double until = minutes * RENEW_UNTIL;
    return notBefore().plus(Duration.ofMinutes((long) (from + random * (until - from))));
  }

  /** Names the node only. */
  @Override
  public String toString() {
    return "NodeIdentity[" + self + ", until " + notAfter() + "]";
  }
}
