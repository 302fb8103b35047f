package dev.swarm.manager.ca;

import dev.swarm.core.pki.CertificateRequest;
import dev.swarm.core.pki.CredentialException;
import dev.swarm.core.pki.PeerIdentity;
import java.net.URI;
import java.util.List;

/** External authority that signs in place of the cluster, because it keeps the root's key. */
@FunctionalInterface
public interface OutsideAuthority {
  /**
   * Blocks; bounded in time.
   *
   * @param addresses asked in this order until one signs; never empty
   * @return the chain in PEM, leaf first, not checked in any way
   * @throws CredentialException when none does, in a sentence for people
   */
  byte[] sign(List<URI> addresses, CertificateRequest request, PeerIdentity subject)
      throws CredentialException;
}
