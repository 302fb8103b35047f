package dev.swarm.cli.node.identity;

import dev.swarm.core.pki.CertificateAuthority;
import dev.swarm.core.pki.CertificateRequest;
import dev.swarm.core.pki.CredentialException;
import dev.swarm.core.pki.NodeIdentity;
import dev.swarm.core.pki.PeerIdentity;
import dev.swarm.core.pki.PrivateKeys;
import dev.swarm.core.pki.Validity;
import docker.swarmkit.v1.NodeRole;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Instant;

/** Gives out identities of one cluster. */
final class Identities {
  private final SecureRandom random = new SecureRandom();
  private final CertificateAuthority authority;

  Identities(Instant now) {
    authority = CertificateAuthority.create(now, random);
  }

  NodeIdentity issue(Validity validity, Instant now) {
    return issue(validity, now, NodeRole.WORKER);
  }

  NodeIdentity issue(Validity validity, Instant now, NodeRole role) {
    KeyPair keys = PrivateKeys.generate(random);
    byte[] chain =
        authority.issue(
            CertificateRequest.create(keys, random),
            new PeerIdentity("cluster", role, "node"),
            validity,
            now,
            random);
    try {
      return NodeIdentity.of(authority.root(), chain, keys.getPrivate());
    } catch (CredentialException e) {
      throw new AssertionError(e);
    }
  }
}
