package dev.swarm.core.pki;

import dev.swarm.core.port.Clock;
import javax.net.ssl.SSLContext;

/**
 * Holds the identity that this process uses now, in one volatile reference. Contexts are asked for
 * once per connection: a connection made after {@link #replace} presents the new certificate and
 * trusts the new root, and no TLS session of an earlier identity is resumed, since sessions live in
 * a context. Connections made before keep what they have. Safe for use by many threads.
 */
public final class IdentityHolder {
  private final Clock clock;
  private volatile NodeIdentity current;

  public IdentityHolder(NodeIdentity initial, Clock clock) {
    this.current = initial;
    this.clock = clock;
  }

  public NodeIdentity current() {
    return current;
  }

  /** From now on new connections use {@code next}. */
  public void replace(NodeIdentity next) {
    current = next;
  }

  /**
   * For one outgoing connection: presents the current certificate, and takes only a peer whose
   * certificate leads to the current root and carries {@code serverName}, whatever its address.
   */
  public SSLContext clientContext(String serverName) {
    NodeIdentity identity = current;
    return TlsContexts.make(
        new NodeKeyManager(identity), new PeerTrustManager(identity.root(), serverName, clock));
  }

  /**
   * For one incoming connection: a peer may stay anonymous; a certificate it presents must lead to
   * the current root.
   */
  public SSLContext serverContext() {
    NodeIdentity identity = current;
    return TlsContexts.make(
        new NodeKeyManager(identity),
        new PeerTrustManager(identity.root(), PeerIdentity.MANAGER_NAME, clock));
  }
}
