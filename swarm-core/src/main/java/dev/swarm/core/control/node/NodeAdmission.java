package dev.swarm.core.control.node;

import dev.swarm.core.model.Meta;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.plan.Decision;
import dev.swarm.core.plan.Rejection;
import dev.swarm.core.plan.Verdict;
import dev.swarm.core.store.Change;
import docker.swarmkit.v1.Certificate;
import docker.swarmkit.v1.NodeDescription;
import docker.swarmkit.v1.NodeRole;
import docker.swarmkit.v1.NodeSpec;
import docker.swarmkit.v1.NodeSpec.Availability;
import java.util.List;

/** Registers nodes that join, and records their certificates. */
public final class NodeAdmission {
  private NodeAdmission() {}

  /** A node joins, with its first certificate. */
  public static Decision<NodeId> join(
      NodeId id, NodeRole role, Availability availability, Certificate certificate) {
    NodeSpec spec =
        NodeSpec.newBuilder()
            .setDesiredRole(role)
            .setMembership(NodeSpec.Membership.ACCEPTED)
            .setAvailability(availability)
            .build();
    return put(id, spec, certificate, role);
  }

  /** A worker in the manager's own JVM, which needs no certificate. */
  public static Decision<NodeId> local(NodeId id) {
    NodeSpec spec = NodeSpec.newBuilder().setMembership(NodeSpec.Membership.ACCEPTED).build();
    return put(id, spec, Certificate.getDefaultInstance(), NodeRole.WORKER);
  }

  private static Decision<NodeId> put(
      NodeId id, NodeSpec spec, Certificate certificate, NodeRole role) {
    Node node =
        new Node(
            id,
            Meta.NONE,
            spec,
            NodeDescription.getDefaultInstance(),
            Node.Status.NEW,
            certificate,
            role);
    return (draft, context) -> Verdict.accept(List.of(new Change.PutNode(node)), snapshot -> id);
  }

  /**
   * A node has a new certificate.
   *
   * @param role what the certificate was signed for; if it is another by now, the certificate would
   *     make a manager of a demoted node, and is not recorded
   */
  public static Decision<NodeId> renew(NodeId id, NodeRole role, Certificate certificate) {
    return (draft, context) -> {
      Node node = draft.nodes().get(id);
      if (node == null) {
        return Verdict.reject(notRegistered());
      }
      return node.role() != role
          ? Verdict.reject(
              new Rejection(
                  Rejection.Kind.UNAVAILABLE,
                  "the role of node " + id + " changed while its certificate was made; ask again"))
          : Verdict.accept(
              List.of(new Change.PutNode(node.withCertificate(certificate))), snapshot -> id);
    };
  }

  public static Rejection notRegistered() {
    return Rejection.notFound("node not registered");
  }
}
