package dev.swarm.cli.node.identity;

import com.google.protobuf.ByteString;
import dev.swarm.core.pki.CertificateRequest;
import dev.swarm.core.pki.CredentialException;
import dev.swarm.core.pki.ManagerProgram;
import dev.swarm.core.pki.NodeIdentity;
import dev.swarm.core.pki.PrivateKeys;
import dev.swarm.core.pki.RootCertificate;
import dev.swarm.core.port.Clock;
import docker.swarmkit.v1.IssuanceStatus;
import docker.swarmkit.v1.IssueNodeCertificateRequest;
import docker.swarmkit.v1.NodeCAGrpc;
import docker.swarmkit.v1.NodeCertificateStatusRequest;
import docker.swarmkit.v1.NodeCertificateStatusResponse;
import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Orders one certificate over an open channel: sends a request for a new key, then asks until the
 * certificate is there. Blocks; bounded in time.
 */
final class Enrollment {
  static final int CALL_SECONDS_MAX = 5;

  /** The largest answer taken from a manager that is not yet trusted, or need not send more. */
  static final int REPLY_BYTES_MAX = 1024 * 1024;

  private static final int TEXT_MAX = 400;

  private static final Duration BETWEEN_POLLS = Duration.ofMillis(500);

  private final Clock clock;
  private final SecureRandom random;
  private final Pause pause;
  private final Duration patience;

  /**
   * @param patience how long to wait for the certificate in all
   */
  Enrollment(Clock clock, SecureRandom random, Pause pause, Duration patience) {
    this.clock = clock;
    this.random = random;
    this.pause = pause;
    this.patience = patience;
  }

  /**
   * @param order token and availability; the signing request is filled in here
   * @throws JoinException of any kind but ADDRESS and FINGERPRINT
   */
  NodeIdentity enroll(Channel channel, RootCertificate root, IssueNodeCertificateRequest order)
      throws JoinException, InterruptedException {
    KeyPair keys = PrivateKeys.generate(random);
    ByteString request = ByteString.copyFrom(CertificateRequest.create(keys, random).pem());
    long startNanos = clock.nanoTime();
    String nodeId = issue(channel, order.toBuilder().setCsr(request).build());
    Optional<ByteString> chain = Optional.empty();
    while (chain.isEmpty()) {
      if (clock.nanoTime() - startNanos > patience.toNanos()) {
        throw new JoinException(
            JoinException.Kind.TIMEOUT,
            "timed out: the manager did not issue a certificate within "
                + patience.toSeconds()
                + " s");
      }
      chain = poll(channel, nodeId, request);
      if (chain.isEmpty()) {
        pause.pause(BETWEEN_POLLS);
      }
    }
    return accept(root, chain.get(), keys, nodeId);
  }

  private static String issue(Channel channel, IssueNodeCertificateRequest order)
      throws JoinException, InterruptedException {
    try {
      return stub(channel).issueNodeCertificate(order).getNodeId();
    } catch (StatusRuntimeException e) {
      throw refusal(e);
    }
  }

  /** The chain, once the manager has signed exactly our request. */
  private static Optional<ByteString> poll(Channel channel, String nodeId, ByteString request)
      throws JoinException, InterruptedException {
    NodeCertificateStatusResponse reply;
    try {
      reply =
          stub(channel)
              .nodeCertificateStatus(
                  NodeCertificateStatusRequest.newBuilder().setNodeId(nodeId).build());
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED) {
        // The manager may hold the question until it has an answer; ask again.
        return Optional.empty();
      }
      throw refusal(e);
    }
    boolean ours = reply.getCertificate().getCsr().equals(request);
    IssuanceStatus status = reply.getStatus();
    return switch (status.getState()) {
      case ISSUED, ROTATE ->
          ours ? Optional.of(reply.getCertificate().getCertificate()) : Optional.empty();
      case FAILED -> {
        if (ours) {
          throw new JoinException(
              JoinException.Kind.REFUSED,
              "the manager could not issue a certificate: " + status.getErr());
        }
        yield Optional.empty();
      }
      case UNKNOWN, RENEW, PENDING, UNRECOGNIZED -> Optional.empty();
    };
  }

  private NodeIdentity accept(RootCertificate root, ByteString chain, KeyPair keys, String nodeId)
      throws JoinException {
    try {
      NodeIdentity identity = NodeIdentity.of(root, chain.toByteArray(), keys.getPrivate());
      identity.requireValidAt(clock.now());
      if (!identity.nodeId().equals(nodeId)) {
        throw new CredentialException("it names another node");
      }
      return identity;
    } catch (CredentialException e) {
      throw new JoinException(
          JoinException.Kind.REFUSED,
          "the manager sent a certificate that cannot be used: " + e.getMessage(),
          e);
    }
  }

  private static NodeCAGrpc.NodeCABlockingStub stub(Channel channel) {
    Metadata program = new Metadata();
    program.put(
        Metadata.Key.of(ManagerProgram.HEADER, Metadata.ASCII_STRING_MARSHALLER),
        ManagerProgram.LOG_VERSION);
    return NodeCAGrpc.newBlockingStub(channel)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(program))
        .withDeadlineAfter(CALL_SECONDS_MAX, TimeUnit.SECONDS)
        .withMaxInboundMessageSize(REPLY_BYTES_MAX);
  }

  /** What a failed call means to the one who wanted a certificate. */
  static JoinException refusal(StatusRuntimeException e) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted while waiting for the manager");
    }
    String text = shown(e.getStatus().getDescription());
    return switch (e.getStatus().getCode()) {
      case INVALID_ARGUMENT -> new JoinException(JoinException.Kind.TOKEN, text, e);
      case UNAVAILABLE ->
          new JoinException(
              JoinException.Kind.UNREACHABLE, "the manager cannot be reached: " + deepest(e), e);
      case ABORTED, RESOURCE_EXHAUSTED ->
          new JoinException(
              JoinException.Kind.UNREACHABLE, "the manager cannot answer now: " + text, e);
      case DEADLINE_EXCEEDED ->
          new JoinException(
              JoinException.Kind.TIMEOUT, "timed out: the manager has not answered in time", e);
      default -> new JoinException(JoinException.Kind.REFUSED, "the manager refused: " + text, e);
    };
  }

  /** The innermost message: outer ones only say that input or output failed. */
  private static String deepest(Throwable thrown) {
    Throwable at = thrown;
    for (int depth = 0; at.getCause() != null && depth < 16; depth++) {
      at = at.getCause();
    }
    return at.getMessage() == null ? at.getClass().getSimpleName() : shown(at.getMessage());
  }

  /** Text of the other side, fit for one line. */
  private static String shown(@Nullable String text) {
    if (text == null || text.isBlank()) {
      return "no reason given";
    }
    String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
    return line.length() > TEXT_MAX ? line.substring(0, TEXT_MAX) + "…" : line;
  }
}
