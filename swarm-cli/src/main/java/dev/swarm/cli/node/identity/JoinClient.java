package dev.swarm.cli.node.identity;

import dev.swarm.core.net.HostPort;
import dev.swarm.core.pki.CredentialException;
import dev.swarm.core.pki.JoinToken;
import dev.swarm.core.pki.NodeIdentity;
import dev.swarm.core.pki.RootCertificate;
import dev.swarm.core.port.Clock;
import docker.swarmkit.v1.CAGrpc;
import docker.swarmkit.v1.GetRootCACertificateRequest;
import docker.swarmkit.v1.IssueNodeCertificateRequest;
import docker.swarmkit.v1.NodeSpec;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Turns a join token into an identity. Stores nothing: a join that fails changed nothing here. */
public final class JoinClient {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final DispatcherChannels channels;
  private final Enrollment enrollment;

  public JoinClient(DispatcherChannels channels, Clock clock, SecureRandom random, Pause pause) {
    this.channels = channels;
    this.enrollment = new Enrollment(clock, random, pause, PATIENCE);
  }

  /**
   * Joins by one manager. Blocks for at most some 30 seconds; interrupting it is safe.
   *
   * @param token without one the manager is asked for its refusal, and not believed otherwise
   * @throws JoinException whose kind and message say what to do
   */
  public NodeIdentity join(
      HostPort manager, Optional<JoinToken> token, NodeSpec.Availability availability)
      throws JoinException, InterruptedException {
    RootCertificate root = fetchRoot(manager, token);
    ManagedChannel channel = channels.openAnonymous(manager, root);
    try {
      NodeIdentity granted =
          enrollment.enroll(
              channel,
              root,
              IssueNodeCertificateRequest.newBuilder()
                  .setToken(token.map(JoinToken::format).orElse(""))
                  .setAvailability(availability)
                  .build());
      if (token.isEmpty()) {
        throw new JoinException(
            JoinException.Kind.REFUSED,
            manager + " lets nodes in without a token: nothing says which swarm it belongs to");
      }
      return granted;
    } finally {
      channel.shutdownNow();
    }
  }

  /** The root that the manager serves, proved by the token's digest. */
  private RootCertificate fetchRoot(HostPort manager, Optional<JoinToken> token)
      throws JoinException, InterruptedException {
    ManagedChannel channel = channels.openUnverified(manager);
    try {
      byte[] pem =
          CAGrpc.newBlockingStub(channel)
              .withDeadlineAfter(Enrollment.CALL_SECONDS_MAX, TimeUnit.SECONDS)
              .withMaxInboundMessageSize(Enrollment.REPLY_BYTES_MAX)
              .getRootCACertificate(GetRootCACertificateRequest.getDefaultInstance())
              .getCertificate()
              .toByteArray();
      RootCertificate root = RootCertificate.parse(pem);
      return token.isPresent() ? proved(root, token.get()) : root;
    } catch (StatusRuntimeException e) {
      JoinException refusal = Enrollment.refusal(e);
      throw new JoinException(refusal.kind(), manager + ": " + refusal.getMessage(), e);
    } catch (CredentialException e) {
      throw new JoinException(
          JoinException.Kind.REFUSED, manager + " sent no usable root: " + e.getMessage(), e);
    } finally {
      channel.shutdownNow();
    }
  }

  private static RootCertificate proved(RootCertificate root, JoinToken token)
      throws JoinException {
    if (!root.digest().equals(token.rootDigest())) {
      throw new JoinException(
          JoinException.Kind.FINGERPRINT,
          "remote CA does not match fingerprint. Expected: "
              + token.rootDigest()
              + ": the token belongs to another swarm than this manager, or is out of date");
    }
    return root;
  }
}
