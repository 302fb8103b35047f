package dev.swarm.core.pki;

import docker.swarmkit.v1.NodeRole;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;

/**
 * Identity that a node certificate states of its holder.
 *
 * @param clusterId the subject's O
 * @param role the subject's OU: the role the node had when the certificate was issued
 * @param nodeId the subject's CN
 */
public record PeerIdentity(String clusterId, NodeRole role, String nodeId) {
  /**
   * The OU of a manager's certificate, and the name clients verify on every call with mutual TLS.
   */
  public static final String MANAGER_NAME = "swarm-manager";

  /** The OU of a worker's certificate. */
  public static final String WORKER_NAME = "swarm-worker";

  /** The common name of the root, and the name a joining node verifies a manager by. */
  public static final String CA_NAME = "swarm-ca";

  private static final int PART_LENGTH_MAX = 128;

  public PeerIdentity {
    if (role == NodeRole.UNRECOGNIZED) {
      throw new IllegalArgumentException("a node is a worker or a manager");
    }
  }

  /**
   * Reads the subject of a leaf certificate.
   *
   * @throws CredentialException if cluster, role or node is missing, doubled or unknown
   */
  public static PeerIdentity of(X509Certificate leaf) throws CredentialException {
    X500Name subject = subject(leaf);
    String unit = part(subject, BCStyle.OU, "a role");
    NodeRole role =
        role(unit)
            .orElseThrow(
                () -> new CredentialException("the certificate names an unknown role: " + unit));
    return new PeerIdentity(
        part(subject, BCStyle.O, "a cluster"), role, part(subject, BCStyle.CN, "a node"));
  }

  /** As {@link #of}, for the chain a TLS peer presented. */
  public static PeerIdentity ofChain(List<X509Certificate> chain) throws CredentialException {
    if (chain.isEmpty()) {
      throw new CredentialException("the peer presented no certificate");
    }
    return of(chain.getFirst());
  }

  /** The spelling of {@code role} in certificates. */
  public static String roleName(NodeRole role) {
    return switch (role) {
      case MANAGER -> MANAGER_NAME;
      case WORKER -> WORKER_NAME;
      case UNRECOGNIZED -> throw new IllegalArgumentException("a node is a worker or a manager");
    };
  }

  /** The role that certificates spell as {@code name}. */
  public static Optional<NodeRole> role(String name) {
    return switch (name) {
      case MANAGER_NAME -> Optional.of(NodeRole.MANAGER);
      case WORKER_NAME -> Optional.of(NodeRole.WORKER);
      default -> Optional.empty();
    };
  }

  private static X500Name subject(X509Certificate leaf) {
    return X500Name.getInstance(leaf.getSubjectX500Principal().getEncoded());
  }

  private static String part(X500Name subject, ASN1ObjectIdentifier type, String what)
      throws CredentialException {
    RDN[] named = subject.getRDNs(type);
    if (Arrays.stream(named).anyMatch(RDN::isMultiValued)) {
      throw new CredentialException("the certificate's subject has several names in one part");
    }
    List<String> values =
        Arrays.stream(named)
            .map(RDN::getFirst)
            .map(value -> IETFUtils.valueToString(value.getValue()))
            .toList();
    if (values.size() != 1) {
      throw new CredentialException(
          "the certificate must name exactly one " + what.substring(what.indexOf(' ') + 1));
    }
    String value = values.getFirst();
    if (value.isEmpty() || value.length() > PART_LENGTH_MAX) {
      throw new CredentialException("the certificate does not name " + what);
    }
    return value;
  }
}
