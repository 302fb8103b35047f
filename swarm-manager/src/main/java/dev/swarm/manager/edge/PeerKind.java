package dev.swarm.manager.edge;

import dev.swarm.core.pki.PeerIdentity;
import docker.swarmkit.v1.NodeRole;
import java.util.Optional;

/**
 * Kind of the peer of a connection, by its certificate, with what such a peer may use in a minute.
 * The numbers are far above what honest peers need, and far below what would be felt.
 */
enum PeerKind {
  /**
   * Without a certificate of the cluster, as machines are that want to join. They need three or
   * four short calls, and have a minute for them.
   */
  STRANGER(new Allowance(16, 100, 20, 10, 30, 1000, 64 << 10)),

  /** A worker: a handful of streams, beats, status reports, and logs, which may be many bytes. */
  WORKER(new Allowance(1024, 120_000, 6000, 100, 6000, 600_000, Long.MAX_VALUE)),

  /** A manager: it passes on the calls of all agents that are connected to it. */
  MANAGER(new Allowance(200_000, 6_000_000, 600_000, 1000, 60_000, 60_000_000, Long.MAX_VALUE));

  /**
   * @param callsAtOnce streams that are open at one time
   * @param calls streams that are begun in a minute
   * @param resets streams that the peer takes back in a minute
   * @param frames frames in a minute other than those with messages
   * @param bytes in a minute, after TLS
   */
  record Allowance(
      int callsAtOnce, int calls, int resets, int settings, int pings, int frames, long bytes) {}

  final Allowance allowance;

  PeerKind(Allowance allowance) {
    this.allowance = allowance;
  }

  static PeerKind of(Optional<PeerIdentity> peer) {
    return peer.map(known -> known.role() == NodeRole.MANAGER ? MANAGER : WORKER).orElse(STRANGER);
  }
}
