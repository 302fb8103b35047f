package dev.swarm.cli.node.identity;

import dev.swarm.core.net.HostPort;
import dev.swarm.core.pki.IdentityHolder;
import dev.swarm.core.pki.NodeIdentity;
import dev.swarm.core.port.Clock;
import docker.swarmkit.v1.IssueNodeCertificateRequest;
import io.grpc.ManagedChannel;
import java.security.SecureRandom;
import java.time.Duration;

/** Renews a node's certificate once, with a new key. */
public final class Renewal {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final DispatcherChannels channels;
  private final Enrollment enrollment;

  public Renewal(DispatcherChannels channels, Clock clock, SecureRandom random, Pause pause) {
    this.channels = channels;
    this.enrollment = new Enrollment(clock, random, pause, PATIENCE);
  }

  /**
   * Asks {@code manager}. The role may come back changed, node and cluster may not. Nothing is
   * stored or replaced here. Blocks for at most some 70 seconds.
   */
  public NodeIdentity renew(HostPort manager, IdentityHolder identity)
      throws JoinException, InterruptedException {
    NodeIdentity before = identity.current();
    ManagedChannel channel = channels.open(manager, identity);
    try {
      NodeIdentity next =
          enrollment.enroll(
              channel, before.root(), IssueNodeCertificateRequest.getDefaultInstance());
      if (!next.nodeId().equals(before.nodeId()) || !next.clusterId().equals(before.clusterId())) {
        throw new JoinException(
            JoinException.Kind.REFUSED, "the manager sent a certificate for another node");
      }
      return next;
    } finally {
      channel.shutdownNow();
    }
  }
}
