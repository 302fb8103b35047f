package dev.swarm.cli.node.identity;

import dev.swarm.core.net.HostPort;
import dev.swarm.core.pki.IdentityHolder;
import dev.swarm.core.pki.PeerIdentity;
import dev.swarm.core.pki.RootCertificate;
import dev.swarm.core.pki.TlsContexts;
import dev.swarm.core.port.Clock;
import dev.swarm.core.wire.MessageLimits;
import dev.swarm.manager.tls.TolerantSslContext;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Opens this node's channels to managers. All of them share one network thread and unpooled
 * buffers: a worker talks little and should stay small. Safe for use by many threads.
 */
public final class DispatcherChannels implements AutoCloseable {
  private static final int CONNECT_TIMEOUT_MILLIS = 5_000;
  // Stock managers count pings; a beat every few seconds keeps an idle connection from sending any.
  private static final int KEEPALIVE_SECONDS = 20;
  private static final int KEEPALIVE_TIMEOUT_SECONDS = 10;

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("swarm-agent-net", true), NioIoHandler.newFactory());
  private final Executor callbacks;
  private final Clock clock;

  /**
   * @param callbacks where replies are delivered and host names looked up: a pool, not the caller's
   *     own event loop
   * @param clock against which certificates of managers are checked
   */
  public DispatcherChannels(Executor callbacks, Clock clock) {
    this.callbacks = callbacks;
    this.clock = clock;
  }

  /**
   * A channel with mutual TLS, for everything but joining. It connects at its first call, and again
   * with the identity of that moment whenever the connection was lost. The caller shuts it down.
   * One call to this is one TCP connection: a second channel is what a beat on a fresh connection
   * needs.
   */
  public ManagedChannel open(HostPort manager, IdentityHolder identity) {
    String name = PeerIdentity.MANAGER_NAME;
    return build(
        manager,
        name,
        TolerantSslContext.client(() -> identity.clientContext(name), Optional.of(name)));
  }

  /** A channel without a certificate of ours, to a manager that {@code root} answers for. */
  ManagedChannel openAnonymous(HostPort manager, RootCertificate root) {
    String name = PeerIdentity.CA_NAME;
    return build(
        manager,
        name,
        TolerantSslContext.client(
            () -> TlsContexts.anonymous(root, name, clock), Optional.of(name)));
  }

  /** A channel that believes any server. */
  ManagedChannel openUnverified(HostPort manager) {
    return build(
        manager,
        PeerIdentity.CA_NAME,
        TolerantSslContext.client(TlsContexts::unverified, Optional.empty()));
  }

  /** Stops the network thread; channels still open fail. */
  @Override
  public void close() {
    var _ = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  private ManagedChannel build(HostPort manager, String authority, SslContext sslContext) {
    return NettyChannelBuilder.forAddress(manager.host(), manager.port())
        .sslContext(sslContext)
        .overrideAuthority(authority)
        .eventLoopGroup(loops)
        .channelType(NioSocketChannel.class)
        .withOption(ChannelOption.ALLOCATOR, UnpooledByteBufAllocator.DEFAULT)
        .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
        .executor(callbacks)
        .offloadExecutor(callbacks)
        // Managers are on the cluster's own network; a proxy of the environment is for the web.
        .proxyDetector(_ -> null)
        .disableServiceConfigLookUp()
        .disableRetry()
        .maxInboundMessageSize(MessageLimits.ANSWERED_BYTES_MAX)
        .maxInboundMetadataSize(MessageLimits.HEADER_BYTES_MAX)
        .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
        .keepAliveTimeout(KEEPALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .build();
  }
}
