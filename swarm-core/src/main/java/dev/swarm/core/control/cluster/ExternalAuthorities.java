package dev.swarm.core.control.cluster;

import com.google.protobuf.ByteString;
import docker.swarmkit.v1.CAConfig;
import docker.swarmkit.v1.ExternalCA;
import docker.swarmkit.v1.RootCA;
import java.net.URI;
import java.util.List;

/** The external authorities that may sign certificates, as a cluster's spec lists them. */
public final class ExternalAuthorities {
  private ExternalAuthorities() {}

  /** Where to have certificates signed; nowhere if the cluster signs for itself. */
  public static List<URI> of(CAConfig config, RootCA root) {
    ByteString signing = RootRotations.signing(root);
    return config.getExternalCasList().stream()
        .filter(authority -> signsFor(authority, signing, root.getCaCert()))
        .map(authority -> URI.create(authority.getUrl()))
        .toList();
  }

  static boolean signFor(CAConfig config, ByteString cert, ByteString usual) {
    return config.getExternalCasList().stream()
        .anyMatch(authority -> signsFor(authority, cert, usual));
  }

  /** One that does not say for which root signs for the one that was there when it came. */
  private static boolean signsFor(ExternalCA authority, ByteString cert, ByteString usual) {
    return authority.getCaCert().isEmpty()
        ? cert.equals(usual)
        : authority.getCaCert().equals(cert);
  }
}
