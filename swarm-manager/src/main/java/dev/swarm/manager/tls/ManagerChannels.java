package dev.swarm.manager.tls;

import dev.swarm.core.net.HostPort;
import dev.swarm.core.pki.IdentityHolder;
import dev.swarm.core.pki.PeerIdentity;
import dev.swarm.core.wire.MessageLimits;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Opens mutually authenticated channels from this manager to others. */
public final class ManagerChannels {
  private static final int KEEPALIVE_SECONDS = 10;
  private static final int KEEPALIVE_TIMEOUT_SECONDS = 5;

  private final SslContext sslContext;
  private final EventLoopGroup loops;
  private final Executor callbacks;

  /**
   * @param loops NIO event loops, owned by the caller
   * @param callbacks where replies are delivered
   */
  public ManagerChannels(IdentityHolder identity, EventLoopGroup loops, Executor callbacks) {
    this.sslContext = TolerantSslContext.client(identity);
    this.loops = loops;
    this.callbacks = callbacks;
  }

  /**
   * A channel that connects at its first call, and again with the identity of that moment whenever
   * the connection was lost. The caller shuts it down.
   */
  public ManagedChannel open(HostPort manager) {
    return NettyChannelBuilder.forAddress(manager.host(), manager.port())
        .sslContext(sslContext)
        .overrideAuthority(PeerIdentity.MANAGER_NAME)
        .eventLoopGroup(loops)
        .channelType(NioSocketChannel.class)
        .executor(callbacks)
        // Managers are on the cluster's own network; a proxy of the environment is for the web.
        .proxyDetector(_ -> null)
        .disableServiceConfigLookUp()
        .disableRetry()
        .maxInboundMessageSize(MessageLimits.ANSWERED_BYTES_MAX)
        .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
        .keepAliveTimeout(KEEPALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .build();
  }
}
