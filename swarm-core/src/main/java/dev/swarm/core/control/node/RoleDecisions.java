package dev.swarm.core.control.node;

import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.plan.Decision;
import dev.swarm.core.plan.Rejection;
import dev.swarm.core.plan.Verdict;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.Snapshot;
import docker.swarmkit.v1.NodeRole;
import java.util.List;
import java.util.Optional;

/**
 * Changes the role of a node to the desired one, one step at a time. A manager to be demoted first
 * leaves the log and then loses the role, so that no voter is ever without the rights of one.
 */
public final class RoleDecisions {
  private RoleDecisions() {}

  /** What is to be done next about a node. */
  public enum Step {
    /** It is what it should be. */
    NOTHING,
    RECORD_MANAGER,
    RECORD_WORKER,
    /** It is to be a worker and leads: another is to lead first, and to see to that. */
    HAND_OVER,
    LEAVE_LOG_THEN_RECORD_WORKER,
    /** It votes, and is no manager: whoever let it in could not look after that any more. */
    LEAVE_LOG
  }

  /** Whether a node's role is another than is wished. */
  public static boolean differs(Node node) {
    return node.role() != node.spec().getDesiredRole();
  }

  /**
   * The next step for a node, which may be gone.
   *
   * @param votes whether it takes part in the log
   * @param leads whether it is the one that decides this
   */
  public static Step next(Optional<Node> node, boolean votes, boolean leads) {
    if (node.filter(RoleDecisions::differs).isPresent()) {
      if (node.get().spec().getDesiredRole() == NodeRole.MANAGER) {
        return Step.RECORD_MANAGER;
      }
      if (!votes) {
        return Step.RECORD_WORKER;
      }
      return leads ? Step.HAND_OVER : Step.LEAVE_LOG_THEN_RECORD_WORKER;
    }
    boolean isManager = node.filter(found -> found.role() == NodeRole.MANAGER).isPresent();
    return votes && !isManager && !leads ? Step.LEAVE_LOG : Step.NOTHING;
  }

  /** Why a node may not become a voter now, if it may not. */
  public static Optional<Rejection> refusalToEnter(Snapshot snapshot, NodeId id) {
    boolean isToBeManager =
        snapshot
            .nodes()
            .find(id)
            .filter(node -> node.role() == NodeRole.MANAGER && !differs(node))
            .isPresent();
    return isToBeManager
        ? Optional.empty()
        : Optional.of(
            new Rejection(
                Rejection.Kind.PERMISSION_DENIED,
                "node " + id + " is not to be a manager of this swarm"));
  }

  /** Records that a node is in a role, if that is still what is wished; says whether. */
  public static Decision<Boolean> record(NodeId id, NodeRole role) {
    return (draft, context) -> {
      Node node = draft.nodes().get(id);
      if (node == null) {
        return Verdict.reject(Rejection.notFound("node " + id + " not found"));
      }
      return node.spec().getDesiredRole() == role && node.role() != role
          ? Verdict.accept(List.of(new Change.PutNode(Roles.with(node, role))), snapshot -> true)
          : Verdict.accept(List.of(), snapshot -> false);
    };
  }
}
