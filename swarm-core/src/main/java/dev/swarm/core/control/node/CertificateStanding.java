package dev.swarm.core.control.node;

import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.pki.PeerCertificate;
import dev.swarm.core.store.Snapshot;
import docker.swarmkit.v1.NodeRole;

/**
 * Standing of a certificate of the cluster by one state. {@link #REMOVED} and {@link #DEMOTED} stay
 * true whatever comes after, for ids and serials are never given twice: even a manager whose state
 * is behind can rely on them.
 */
public enum CertificateStanding {
  /** Of a manager, by certificate and by record. */
  MANAGER,
  /** Of a worker by its certificate, whatever its node is by now. */
  WORKER,
  /** Of a node that was removed from the cluster. */
  REMOVED,
  /** Of a manager, but its node was a worker at some time after it was issued. */
  DEMOTED,
  /** Of a node of which the state has no record: it was never there, or is not there yet. */
  UNKNOWN,
  /**
   * Of a manager, of a node that is a worker by its record, and never heard of: newer, or forged.
   */
  AHEAD;

  /** Where {@code certificate}, which the root has signed for this cluster, stands. */
  public static CertificateStanding of(Snapshot snapshot, PeerCertificate certificate) {
    String id = certificate.holder().nodeId();
    boolean removed =
        snapshot
            .cluster()
            .filter(cluster -> cluster.object().containsBlacklistedCertificates(id))
            .isPresent();
    if (removed) {
      return REMOVED;
    }
    Node node = snapshot.nodes().get(new NodeId(id));
    if (node == null) {
      return UNKNOWN;
    }
    if (certificate.holder().role() != NodeRole.MANAGER) {
      return WORKER;
    }
    if (node.issued().isFromBeforeADemotion(certificate.serial())) {
      return DEMOTED;
    }
    return node.role() == NodeRole.MANAGER ? MANAGER : AHEAD;
  }
}
