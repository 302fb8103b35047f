package dev.swarm.manager.members;

import dev.swarm.core.port.ReplicatedLog;
import dev.swarm.core.port.ReplicatedLog.Peer;
import dev.swarm.manager.tls.ForwardedCaller;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Connection from a manager that does not lead to the one that does, made anew when another leads.
 * Calls carry the identity of their caller, so that the leader judges that. Safe for many threads.
 */
public final class LeaderChannel implements AutoCloseable {
  private final ReplicatedLog log;
  private final String self;
  private final Function<Peer, ManagedChannel> dial;
  private @Nullable Peer to;
  private @Nullable ManagedChannel channel;

  /**
   * @param self this manager's node id
   * @param dial makes a connection to a manager's one port; this object shuts it down
   */
  public LeaderChannel(ReplicatedLog log, String self, Function<Peer, ManagedChannel> dial) {
    this.log = log;
    this.self = self;
    this.dial = dial;
  }

  /** Where the leader is, if there is one and it is another. */
  public Optional<Peer> leader() {
    String id = log.leadership().leaderId();
    return id.isEmpty() || id.equals(self)
        ? Optional.empty()
        : log.peers().stream().filter(peer -> peer.id().equals(id)).findFirst();
  }

  /** Reaches the leader, if there is one and it is another; for the caller of the current call. */
  public synchronized Optional<Channel> get() {
    // Under the lock: a leader found here and gone before the dial would never be dropped.
    return leader().map(peer -> ClientInterceptors.intercept(open(peer), new ForwardedCaller()));
  }

  private Channel open(Peer leader) {
    ManagedChannel current = channel;
    if (current == null || !leader.equals(to)) {
      close();
      current = dial.apply(leader);
      channel = current;
      to = leader;
    }
    if (current.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
      // Whoever calls wants to know now; gRPC's own pause of up to minutes would lie to it.
      current.resetConnectBackoff();
    }
    return current;
  }

  /**
   * Gives calls up that wait for one who leads no longer: it may be gone without a word. To be
   * called when another may lead.
   */
  public synchronized void dropFormer() {
    if (channel != null && !leader().equals(Optional.ofNullable(to))) {
      close();
    }
  }

  @Override
  public synchronized void close() {
    if (channel != null) {
      channel.shutdownNow();
      channel = null;
    }
  }
}
