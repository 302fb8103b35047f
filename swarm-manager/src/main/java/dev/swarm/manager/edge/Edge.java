package dev.swarm.manager.edge;

import dev.swarm.core.port.Clock;
import dev.swarm.core.wire.Bounds;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.Channel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The bounds of one port: guards every connection from its first byte. */
public final class Edge {
  /** Both ways, on any connection: a follower passes on what thousands of agents take back. */
  private static final int RESETS_MAX = 100_000;

  private static final int RESETS_SECONDS = 60;
  private static final int HEADER_BYTES_MAX = 16 * 1024;

  /** Without a call; agents and logs have calls that never end. */
  private static final int IDLE_MINUTES_MAX = 10;

  /** Finds out that a peer is gone without a word; everybody answers pings. */
  private static final int KEEPALIVE_SECONDS = 60;

  private static final int KEEPALIVE_TIMEOUT_SECONDS = 20;

  private final Limits limits;
  private final Clock clock;
  private final Gate gate;
  private final RemoteLog log;
  private final MessageBudgets budgets = new MessageBudgets();
  private final ReceivedMessages received;

  /**
   * @param nodeAddresses IP addresses that the cluster's nodes last came from, which need not wait
   *     behind strangers; asked every few seconds at most
   */
  public Edge(Supplier<Set<String>> nodeAddresses, Clock clock, RemoteLog log) {
    this(Limits.USUAL, nodeAddresses, clock, log);
  }

  Edge(Limits limits, Supplier<Set<String>> nodeAddresses, Clock clock, RemoteLog log) {
    this.limits = limits;
    this.clock = clock;
    this.log = log;
    gate = new Gate(limits, nodeAddresses, clock);
    received = new ReceivedMessages(log, budgets);
  }

  /**
   * The same service, with its messages guarded.
   *
   * @param bounds of its messages; none where only what bounds a whole message does
   */
  public ServerServiceDefinition guard(ServerServiceDefinition service, Optional<Bounds> bounds) {
    return received.guard(service, bounds);
  }

  /** Has the server take its connections through here, on NIO loops of its own. */
  public void guard(NettyServerBuilder server) {
    server
        .channelFactory(Listener::new)
        .addStreamTracerFactory(budgets)
        .maxConcurrentCallsPerConnection(PeerKind.MANAGER.allowance.callsAtOnce())
        .maxRstFramesPerWindow(RESETS_MAX, RESETS_SECONDS)
        .maxInboundMetadataSize(HEADER_BYTES_MAX)
        .maxConnectionIdle(IDLE_MINUTES_MAX, TimeUnit.MINUTES)
        .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
        .keepAliveTimeout(KEEPALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }

  /** Puts a guard before everything else of each connection it accepts. */
  private final class Listener extends NioServerSocketChannel {
    @Override
    protected int doReadMessages(List<Object> accepted) throws Exception {
      int before = accepted.size();
      int read = super.doReadMessages(accepted);
      for (Object connection : accepted.subList(before, accepted.size())) {
        ((Channel) connection).pipeline().addFirst(new ConnectionGuard(gate, limits, clock, log));
      }
      return read;
    }
  }
}
