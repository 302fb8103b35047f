package dev.swarm.manager.tls;

import dev.swarm.core.pki.PeerCertificate;
import io.grpc.Context;
import java.util.Optional;

/**
 * Credentials of a call on the manager's port: read once, and judged as often as the cluster's
 * state changes.
 */
sealed interface CallerCredentials {
  /** Absent for calls within this JVM. */
  Context.Key<CallerCredentials> KEY = Context.key("swarm-presented");

  /**
   * The caller is at the other end of the connection.
   *
   * @param peer the verified certificate of the connection, if there was one
   */
  record Directly(Optional<PeerCertificate> peer) implements CallerCredentials {}

  /**
   * Another manager passes the call on.
   *
   * @param forwarder the verified certificate of the connection
   * @param origin whom the forwarder authenticated; empty for an anonymous caller
   */
  record Forwarded(Optional<PeerCertificate> forwarder, Optional<PeerCertificate> origin)
      implements CallerCredentials {}
}
