package dev.swarm.manager.tls;

import dev.swarm.core.pki.CredentialException;
import dev.swarm.core.pki.PeerIdentity;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * Stands before every method of the manager's port: reads the caller from the connection, asks the
 * {@link Authority}, and puts {@link Caller#KEY} into the call's context or ends it with
 * PERMISSION_DENIED.
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
    return switch (decide(call, headers)) {
      case Authority.Verdict.Granted(Caller caller) ->
          Contexts.interceptCall(
              Context.current().withValue(Caller.KEY, caller), call, headers, next);
      case Authority.Verdict.Denied(String sentence) -> {
        call.close(Status.PERMISSION_DENIED.withDescription(sentence), new Metadata());
        yield new ServerCall.Listener<>() {};
      }
    };
  }

  private Authority.Verdict decide(ServerCall<?, ?> call, Metadata headers) {
    String method = call.getMethodDescriptor().getFullMethodName();
    try {
      Optional<PeerIdentity> peer = peer(call);
      String forwarded = headers.get(ForwardedCaller.HEADER);
      return forwarded == null
          ? authority.decide(method, peer)
          : authority.decideForwarded(method, peer, ForwardedCaller.decode(forwarded));
    } catch (CredentialException e) {
      return new Authority.Verdict.Denied(e.getMessage());
    }
  }

  private static Optional<PeerIdentity> peer(ServerCall<?, ?> call) throws CredentialException {
    SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    if (session == null) {
      return Optional.empty();
    }
    if (session.getValue(SESSION_PEER) instanceof PeerIdentity known) {
      return Optional.of(known);
    }
    try {
      PeerIdentity peer = PeerIdentity.ofChain(x509(session.getPeerCertificates()));
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
