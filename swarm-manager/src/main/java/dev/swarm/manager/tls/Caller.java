package dev.swarm.manager.tls;

import dev.swarm.core.model.NodeId;
import dev.swarm.core.pki.PeerCertificate;
import dev.swarm.core.pki.PeerIdentity;
import docker.swarmkit.v1.NodeRole;
import io.grpc.Context;

/** Identity of the caller of a call that was let through. */
public sealed interface Caller {
  /** Set for every call on the manager's port. */
  Context.Key<Caller> KEY = Context.keyWithDefault("swarm-caller", Anonymous.INSTANCE);

  /** The caller of the call that runs now; anonymous outside any call. */
  static Caller current() {
    return KEY.get();
  }

  /** The node whose call runs now; none if no node calls. */
  static NodeId currentNode() {
    return current() instanceof Node node ? node.nodeId() : NodeId.NONE;
  }

  /** Showed no certificate that counts here; only reaches methods open to anyone. */
  enum Anonymous implements Caller {
    INSTANCE
  }

  /**
   * A member of the cluster.
   *
   * @param certificate what it has shown
   * @param role what it may act as now: a manager only if both its certificate and its record say
   *     so
   */
  record Node(PeerCertificate certificate, NodeRole role) implements Caller {
    public PeerIdentity identity() {
      return certificate.holder();
    }

    public NodeId nodeId() {
      return new NodeId(identity().nodeId());
    }
  }
}
