package dev.swarm.manager.tls;

import dev.swarm.core.pki.IdentityHolder;
import dev.swarm.core.wire.MessageLimits;
import io.grpc.netty.NettyServerBuilder;
import io.netty.handler.ssl.SslContext;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;

/** The server end of the one port that workers and managers talk to, 2377 by default. */
public final class ManagerPort {
  private static final int HANDSHAKE_SECONDS_MAX = 10;

  private ManagerPort() {}

  /** TLS with an optional client certificate that, where given, leads to the current root. */
  public static SslContext sslContext(IdentityHolder identity) {
    return TolerantSslContext.server(identity);
  }

  /**
   * A server to add services to: TLS, the check of every call by {@code authority}, bounds on
   * messages (4 MiB), headers and handshakes, and leave for frequent keepalive pings.
   */
  public static NettyServerBuilder builder(
      SocketAddress address, IdentityHolder identity, Authority authority) {
    return NettyServerBuilder.forAddress(address)
        .sslContext(sslContext(identity))
        .intercept(new CallerInterceptor(authority))
        .maxInboundMessageSize(MessageLimits.CALLED_BYTES_MAX)
        .maxInboundMetadataSize(MessageLimits.HEADER_BYTES_MAX)
        .handshakeTimeout(HANDSHAKE_SECONDS_MAX, TimeUnit.SECONDS)
        .permitKeepAliveTime(1, TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true);
  }
}
