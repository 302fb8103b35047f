package dev.swarm.manager.tls;

import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Threads that read from the connections of the manager's port; they tell when they have caught up
 * with what has arrived.
 */
public final class PortLoops implements AutoCloseable {
  private static final int READERS_MAX = 8;
  private static final int CLOSE_SECONDS_MAX = 3;

  private final EventLoopGroup accepting =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final EventLoopGroup reading =
      new MultiThreadIoEventLoopGroup(
          Math.min(READERS_MAX, Runtime.getRuntime().availableProcessors()),
          NioIoHandler.newFactory());

  /** Has {@code server} use these threads. */
  public void serve(NettyServerBuilder server) {
    server
        .bossEventLoopGroup(accepting)
        .workerEventLoopGroup(reading)
        .channelType(NioServerSocketChannel.class);
  }

  /** Completes when what waits in the sockets now has been read and handed on. Never fails. */
  public CompletionStage<Void> caughtUp() {
    List<CompletableFuture<?>> hops = new ArrayList<>();
    for (EventExecutor loop : accepting) {
      hops.add(hop(loop));
    }
    for (EventExecutor loop : reading) {
      hops.add(hop(loop));
    }
    return CompletableFuture.allOf(hops.toArray(CompletableFuture[]::new));
  }

  /**
   * Twice: the first task may run between the look at the sockets that came before it and the next
   * one, and only behind that one is all read.
   */
  private static CompletableFuture<Void> hop(EventExecutor loop) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    try {
      loop.execute(() -> loop.execute(() -> done.complete(null)));
    } catch (RejectedExecutionException closing) {
      done.complete(null);
    }
    return done;
  }

  @Override
  public void close() {
    var _ = accepting.shutdownGracefully(0, CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
    var _ = reading.shutdownGracefully(0, CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
  }
}
