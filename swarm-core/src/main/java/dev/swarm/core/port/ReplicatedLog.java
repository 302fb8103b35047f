package dev.swarm.core.port;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * An ordered log of opaque entries on which the managers agree. What it has acknowledged is on disk
 * on a majority of them and is never lost.
 */
public interface ReplicatedLog extends AutoCloseable {
  /** The largest entry taken, in bytes. */
  int ENTRY_BYTES_MAX = 2 << 20;

  /**
   * Restores what is on disk into {@code machine} (at most one {@link StateMachine#restore}, then
   * {@link StateMachine#committed} in order), then takes part in the cluster. Returns once the
   * local replica serves; leadership is announced through the machine.
   */
  void start(StateMachine machine) throws IOException;

  /**
   * Proposes one entry. The stage completes normally after the entry is committed and the local
   * machine's {@code committed} has returned for it. It fails with {@link NotLeaderException} if
   * this manager does not lead, with {@link IllegalArgumentException} if the entry is too large,
   * and otherwise with an exception that means "unknown": the entry may still be committed later.
   */
  CompletionStage<Void> propose(byte[] entry);

  /** Who leads now, as far as this replica knows. */
  Leadership leadership();

  /** The voting members, by the log's own view. */
  List<Peer> peers();

  /**
   * Whether a voting member answered lately, as far as a leader sees it; its own is reachable. What
   * another than the leader says of others means nothing.
   */
  boolean reachable(String peerId);

  /** Makes {@code peer} a voting member; it must already be listening. Leader only. */
  CompletionStage<Void> addPeer(Peer peer);

  /** Removes a voting member. Leader only. */
  CompletionStage<Void> removePeer(String peerId);

  /**
   * Gives up leadership, if this replica leads, to {@code peerId} or to whoever is fit when empty.
   */
  CompletionStage<Void> transferLeadership(String peerId);

  @Override
  void close();

  /**
   * @param address host:port of the manager's one port.
   */
  record Peer(String id, String address) {}

  /**
   * @param leaderId empty while unknown
   * @param term Raft's term
   * @param self whether this replica leads and has applied everything before its term.
   */
  record Leadership(String leaderId, long term, boolean self) {}

  /** This replica does not lead; {@code leaderId} is empty when it does not know who does. */
  final class NotLeaderException extends Exception {
    private static final long serialVersionUID = 1L;
    private final String leaderId;

    public NotLeaderException(String leaderId) {
      super(leaderId.isEmpty() ? "there is no leader" : "the leader is " + leaderId);
      this.leaderId = leaderId;
    }

    public String leaderId() {
      return leaderId;
    }
  }
}
