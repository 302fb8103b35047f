package dev.swarm.manager.tls;

import dev.swarm.core.pki.CredentialException;
import dev.swarm.core.pki.PeerCertificate;
import dev.swarm.core.pki.PeerIdentity;
import docker.swarmkit.v1.NodeRole;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.util.List;
import java.util.Optional;

/**
 * Attaches the current {@link Caller} to calls that this manager passes on to the leader, so that
 * the leader judges the caller and not the messenger.
 */
public final class ForwardedCaller implements ClientInterceptor {
  static final Metadata.Key<String> HEADER =
      Metadata.Key.of("swarm-forwarded-for", Metadata.ASCII_STRING_MARSHALLER);

  /** Of its own, so that managers which know nothing of it take the call all the same. */
  static final Metadata.Key<String> SERIAL =
      Metadata.Key.of("swarm-forwarded-serial", Metadata.ASCII_STRING_MARSHALLER);

  private static final int SERIAL_MAX = 64;
  private static final String ANONYMOUS = "anonymous";
  private static final String SEPARATOR = "/";

  /** Whether a call with these headers was passed on by another manager. */
  public static boolean isForwarded(Metadata headers) {
    return headers.containsKey(HEADER);
  }

  @Override
  public <Q, R> ClientCall<Q, R> interceptCall(
      MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
    Caller caller = Caller.current();
    String address = CallerAddress.current();
    return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
      @Override
      public void start(Listener<R> listener, Metadata headers) {
        headers.discardAll(HEADER);
        headers.put(HEADER, encode(caller));
        headers.discardAll(SERIAL);
        headers.put(SERIAL, serial(caller));
        headers.discardAll(CallerAddress.HEADER);
        headers.put(CallerAddress.HEADER, address);
        super.start(listener, headers);
      }
    };
  }

  static String encode(Caller caller) {
    return switch (caller) {
      case Caller.Anonymous.INSTANCE -> ANONYMOUS;
      case Caller.Node node ->
          String.join(
              SEPARATOR,
              PeerIdentity.roleName(node.identity().role()),
              node.identity().clusterId(),
              node.identity().nodeId());
    };
  }

  static String serial(Caller caller) {
    return switch (caller) {
      case Caller.Anonymous.INSTANCE -> "";
      case Caller.Node node -> node.certificate().serial();
    };
  }

  /** Whom the other manager has authenticated; empty for an anonymous caller. */
  static Optional<PeerCertificate> origin(Metadata headers) throws CredentialException {
    String header = Optional.ofNullable(headers.get(HEADER)).orElse("");
    String serial = Optional.ofNullable(headers.get(SERIAL)).orElse("");
    if (header.equals(ANONYMOUS)) {
      return Optional.empty();
    }
    List<String> parts = List.of(header.split(SEPARATOR, -1));
    Optional<NodeRole> role = PeerIdentity.role(parts.getFirst());
    if (parts.size() != 3 || role.isEmpty() || parts.get(1).isEmpty() || parts.get(2).isEmpty()) {
      throw new CredentialException("malformed header " + HEADER.name());
    }
    if (serial.length() > SERIAL_MAX) {
      throw new CredentialException("malformed header " + SERIAL.name());
    }
    return Optional.of(
        new PeerCertificate(new PeerIdentity(parts.get(1), role.get(), parts.get(2)), serial));
  }
}
