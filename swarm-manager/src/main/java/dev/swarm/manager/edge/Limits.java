package dev.swarm.manager.edge;

import java.time.Duration;

/**
 * Limits of the connections to a manager's port. A source is an IPv4 address or the first half of
 * an IPv6 address, which one machine has all of.
 *
 * @param strangers open connections without a certificate of the cluster, from everywhere where no
 *     member is known
 * @param strangersOfSource the same from one source; many machines that join may be behind one
 * @param returning open connections without a certificate yet, from all sources where a member is
 *     known
 * @param returningOfSource the same from one source; a thousand nodes behind one come back at once
 * @param handshakesPerSecond of strangers, from everywhere; each costs about a millisecond
 * @param handshakesAtOnce how many more after a rest
 * @param handshakesOfSource in a second from one source, where no member of the cluster is known
 * @param handshakesOfMember in a second from one source where a member is known
 * @param waitMax how long a connection waits unread for its handshake before it is refused
 * @param strangerAge how long a stranger stays connected
 * @param members open connections of members, from everywhere
 * @param ofMember open connections of one node
 */
record Limits(
    int strangers,
    int strangersOfSource,
    int returning,
    int returningOfSource,
    int handshakesPerSecond,
    int handshakesAtOnce,
    int handshakesOfSource,
    int handshakesOfMember,
    Duration waitMax,
    Duration strangerAge,
    int members,
    int ofMember) {

  static final Limits USUAL =
      new Limits(
          1000,
          200,
          4000,
          2000,
          50,
          100,
          25,
          200,
          Duration.ofSeconds(4),
          Duration.ofMinutes(1),
          100_000,
          64);
}
