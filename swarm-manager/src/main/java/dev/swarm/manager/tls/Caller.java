package dev.swarm.manager.tls;

import dev.swarm.core.pki.PeerIdentity;
import docker.swarmkit.v1.NodeRole;
import io.grpc.Context;

/** Who is behind a call that was let through. */
public sealed interface Caller {
  /** Set for every call on the manager's port. */
  Context.Key<Caller> KEY = Context.keyWithDefault("swarm-caller", Anonymous.INSTANCE);

  /** The caller of the call that runs now; anonymous outside any call. */
  static Caller current() {
    return KEY.get();
  }

  /** Showed no certificate that counts here; only reaches methods open to anyone. */
  enum Anonymous implements Caller {
    INSTANCE
  }

  /**
   * A member of the cluster.
   *
   * @param identity what its certificate says
   * @param role what it may act as now: a manager only if both its certificate and its record say
   *     so
   */
  record Node(PeerIdentity identity, NodeRole role) implements Caller {
    public String nodeId() {
      return identity.nodeId();
    }
  }
}
