package dev.swarm.manager.tls;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;

/**
 * The IP address that a call comes from, without a port; empty where there is none. For a call that
 * another manager passed on it is the one that manager saw. To be installed inside the {@link
 * CallerInterceptor}, which lets only managers pass calls on.
 */
public final class CallerAddress implements ServerInterceptor {
  static final Metadata.Key<String> HEADER =
      Metadata.Key.of("swarm-forwarded-address", Metadata.ASCII_STRING_MARSHALLER);

  private static final Context.Key<String> KEY = Context.keyWithDefault("swarm-caller-address", "");
  private static final int TEXT_MAX = 64;

  /** Of the call that runs now. */
  public static String current() {
    return KEY.get();
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    String address =
        ForwardedCaller.isForwarded(headers)
            ? Optional.ofNullable(headers.get(HEADER)).orElse("")
            : ofConnection(call);
    String bounded = address.length() > TEXT_MAX ? "" : address;
    return Contexts.interceptCall(Context.current().withValue(KEY, bounded), call, headers, next);
  }

  private static String ofConnection(ServerCall<?, ?> call) {
    SocketAddress remote = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    return remote instanceof InetSocketAddress inet && inet.getAddress() != null
        ? inet.getAddress().getHostAddress()
        : "";
  }
}
