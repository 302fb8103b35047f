package dev.swarm.manager.raft;

import dev.swarm.core.port.ReplicatedLog.Peer;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Addresses of the other managers, and the connections to them: one for each lane, made when first
 * used. Safe for use by many threads.
 */
final class PeerConnections implements AutoCloseable {
  /** Lanes do not share a connection, so that the one never waits behind the other's bytes. */
  enum Lane {
    CONTROL,
    BULK
  }

  private final Function<Peer, ManagedChannel> dial;
  private final Map<String, Peer> peers = new HashMap<>();
  private final Map<String, Map<Lane, ManagedChannel>> channels = new HashMap<>();
  private boolean closed;

  PeerConnections(Function<Peer, ManagedChannel> dial) {
    this.dial = dial;
  }

  /** Learns where {@code peer} is; drops connections to where it was before. */
  synchronized void learn(Peer peer) {
    Peer before = peers.put(peer.id(), peer);
    if (before != null && !before.equals(peer)) {
      drop(peer.id());
    }
  }

  /** A connection of {@code lane} to {@code peerId}, told to try again at once if it is down. */
  synchronized ManagedChannel to(String peerId, Lane lane) throws IOException {
    if (closed) {
      throw new IOException("the log is closed");
    }
    Peer peer = peers.get(peerId);
    if (peer == null) {
      throw new IOException("no address is known of manager " + peerId);
    }
    ManagedChannel channel =
        channels
            .computeIfAbsent(peerId, id -> new EnumMap<>(Lane.class))
            .computeIfAbsent(lane, key -> dial.apply(peer));
    if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
      // The callers bound how often they try; gRPC's own pause of up to minutes would add to it.
      channel.resetConnectBackoff();
    }
    return channel;
  }

  private void drop(String peerId) {
    Map<Lane, ManagedChannel> old = channels.remove(peerId);
    if (old != null) {
      old.values().forEach(ManagedChannel::shutdownNow);
    }
  }

  @Override
  public void close() {
    List<ManagedChannel> open = new ArrayList<>();
    synchronized (this) {
      closed = true;
      channels.values().forEach(lanes -> open.addAll(lanes.values()));
      channels.clear();
    }
    open.forEach(ManagedChannel::shutdownNow);
    boolean interrupted = false;
    for (ManagedChannel channel : open) {
      try {
        channel.awaitTermination(5, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
