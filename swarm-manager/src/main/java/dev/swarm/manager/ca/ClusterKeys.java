package dev.swarm.manager.ca;

import com.google.protobuf.ByteString;
import dev.swarm.core.control.cluster.ClusterSecrets;
import dev.swarm.core.pki.CertificateAuthority;
import dev.swarm.core.pki.CredentialException;
import dev.swarm.core.pki.JoinToken;
import dev.swarm.core.pki.RootCertificate;
import dev.swarm.core.port.Clock;
import docker.swarmkit.v1.RootCA;
import docker.swarmkit.v1.RootRotation;
import java.security.SecureRandom;

/** Generates a cluster's tokens and keys. */
public final class ClusterKeys implements ClusterSecrets {
  private final Clock clock;
  private final SecureRandom random;

  public ClusterKeys(Clock clock, SecureRandom random) {
    this.clock = clock;
    this.random = random;
  }

  @Override
  public String joinToken(RootCA root) {
    try {
      return JoinToken.generate(RootCertificate.parse(root.getCaCert().toByteArray()), random)
          .format();
    } catch (CredentialException e) {
      throw new IllegalStateException("the cluster's own root is not valid", e);
    }
  }

  @Override
  public ByteString unlockKey() {
    return ClusterBootstrap.newUnlockKey(random);
  }

  @Override
  public RootRotation newRoot(RootCA root) throws CredentialException {
    CertificateAuthority next = CertificateAuthority.create(clock.now(), random);
    return rotation(root, next.root(), ByteString.copyFrom(next.keyPem()));
  }

  @Override
  public RootRotation givenRoot(RootCA root, ByteString cert, ByteString key)
      throws CredentialException {
    RootCertificate next = RootCertificate.parse(cert.toByteArray());
    next.requireValidAt(clock.now());
    if (key.isEmpty()) {
      return rotation(root, next, ByteString.EMPTY);
    }
    CertificateAuthority authority =
        CertificateAuthority.load(cert.toByteArray(), key.toByteArray());
    return rotation(root, next, ByteString.copyFrom(authority.keyPem()));
  }

  private RootRotation rotation(RootCA from, RootCertificate to, ByteString key)
      throws CredentialException {
    if (from.getCaKey().isEmpty()) {
      throw new CredentialException(
          "the key of the present root is kept elsewhere, so it cannot vouch for another");
    }
    byte[] cross =
        CertificateAuthority.load(from.getCaCert().toByteArray(), from.getCaKey().toByteArray())
            .crossSign(to, clock.now(), random);
    return RootRotation.newBuilder()
        .setCaCert(ByteString.copyFrom(to.pem()))
        .setCaKey(key)
        .setCrossSignedCaCert(ByteString.copyFrom(cross))
        .build();
  }
}
