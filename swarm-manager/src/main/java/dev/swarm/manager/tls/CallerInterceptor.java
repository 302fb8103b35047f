package dev.swarm.manager.tls;

import dev.swarm.core.pki.CredentialException;
import dev.swarm.core.pki.PeerCertificate;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * Authenticates every call on the manager's port: reads the caller from the connection, and refuses
 * it if it certainly has no rights here, or puts {@link Caller#KEY} into the call's context. A
 * manager whose state is behind may not judge by it, so the final decision is made where the call
 * is served: by {@link OpenCalls}.
 */
public final class CallerInterceptor implements ServerInterceptor {
  private static final String SESSION_PEER = "dev.swarm.peer";

  private final Authority authority;

  public CallerInterceptor(Authority authority) {
    this.authority = authority;
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    CallerCredentials presented;
    try {
      presented = presented(call, headers);
    } catch (CredentialException e) {
      return Refusals.close(call, new Authority.Verdict.Denied(e.getMessage()));
    }
    String method = call.getMethodDescriptor().getFullMethodName();
    return switch (authority.admit(method, presented)) {
      case Authority.Verdict.Granted(Caller caller) ->
          Contexts.interceptCall(
              Context.current()
                  .withValue(Caller.KEY, caller)
                  .withValue(CallerCredentials.KEY, presented),
              call,
              headers,
              next);
      case Authority.Verdict.Denied denied -> Refusals.close(call, denied);
      case Authority.Verdict.AskAnother other -> Refusals.close(call, other);
    };
  }

  private static CallerCredentials presented(ServerCall<?, ?> call, Metadata headers)
      throws CredentialException {
    Optional<PeerCertificate> peer = peer(call);
    return ForwardedCaller.isForwarded(headers)
        ? new CallerCredentials.Forwarded(peer, ForwardedCaller.origin(headers))
        : new CallerCredentials.Directly(peer);
  }

  private static Optional<PeerCertificate> peer(ServerCall<?, ?> call) throws CredentialException {
    SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    if (session == null) {
      return Optional.empty();
    }
    if (session.getValue(SESSION_PEER) instanceof PeerCertificate known) {
      return Optional.of(known);
    }
    try {
      PeerCertificate peer = PeerCertificate.ofChain(x509(session.getPeerCertificates()));
      session.putValue(SESSION_PEER, peer);
      return Optional.of(peer);
    } catch (SSLPeerUnverifiedException e) {
      // The peer presented no certificate, as a machine does that wants to join.
      return Optional.empty();
    }
  }

  private static List<X509Certificate> x509(Certificate[] chain) {
    return Arrays.stream(chain).map(X509Certificate.class::cast).toList();
  }
}
