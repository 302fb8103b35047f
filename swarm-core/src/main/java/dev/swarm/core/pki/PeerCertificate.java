package dev.swarm.core.pki;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Node certificate that a peer presented: the identity in it, and its serial.
 *
 * @param serial in hexadecimal; empty where whoever passes a call on does not say
 */
public record PeerCertificate(PeerIdentity holder, String serial) {
  private static final int HEXADECIMAL = 16;

  /**
   * Reads the leaf of the chain that a TLS peer presented.
   *
   * @throws CredentialException if cluster, role or node is missing, doubled or unknown
   */
  public static PeerCertificate ofChain(List<X509Certificate> chain) throws CredentialException {
    return new PeerCertificate(PeerIdentity.ofChain(chain), serial(chain.getFirst()));
  }

  static String serial(X509Certificate leaf) {
    return leaf.getSerialNumber().toString(HEXADECIMAL);
  }
}
