package dev.swarm.manager.edge;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.swarm.core.pki.PeerIdentity;
import docker.swarmkit.v1.NodeRole;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Memory that a worker's incomplete messages may take, over all its connections. gRPC keeps what it
 * has of a message until the rest is there, and lets the peer send on meanwhile: thousands of
 * calls, each a byte short of the longest message, would be gigabytes. Strangers may not send
 * enough for that, and managers are trusted.
 */
final class MessageBudgets extends ServerStreamTracer.Factory {
  /** The longest message is 4 MiB, and a worker that reports and sends logs has a few under way. */
  static final long WORKER_BYTES_MAX = 16 << 20;

  /** A budget lasts for as long as one of its node's calls does. */
  private final Cache<String, AtomicLong> held = Caffeine.newBuilder().weakValues().build();

  @Override
  public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
    return new ArrivingMessage();
  }

  /**
   * Has what arrives on a call counted from now on.
   *
   * @param overdrawn ends the call
   */
  void count(ArrivingMessage arriving, Attributes connection, Runnable overdrawn) {
    worker(connection.get(Grpc.TRANSPORT_ATTR_SSL_SESSION))
        .ifPresent(node -> arriving.count(held.get(node, same -> new AtomicLong()), overdrawn));
  }

  private static Optional<String> worker(@Nullable SSLSession session) {
    return Optional.ofNullable(session)
        .flatMap(ConnectionGuard::peer)
        .filter(peer -> peer.role() != NodeRole.MANAGER)
        .map(PeerIdentity::nodeId);
  }
}
