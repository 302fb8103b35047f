package dev.swarm.core.control.node;

import dev.swarm.core.control.Checks;
import dev.swarm.core.control.Refuse;
import dev.swarm.core.control.cluster.Blacklist;
import dev.swarm.core.model.Cluster;
import dev.swarm.core.model.Meta;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.model.TaskStatus;
import dev.swarm.core.plan.Decision;
import dev.swarm.core.plan.Rejection;
import dev.swarm.core.plan.Verdict;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.Snapshot;
import dev.swarm.core.wire.ToWire;
import docker.swarmkit.v1.NodeRole;
import docker.swarmkit.v1.NodeSpec;
import docker.swarmkit.v1.RemoveNodeRequest;
import docker.swarmkit.v1.RemoveNodeResponse;
import docker.swarmkit.v1.UpdateNodeRequest;
import docker.swarmkit.v1.UpdateNodeResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Updating, promoting, demoting and removing nodes. */
public final class NodeControl {
  private static final int SPEC_BYTES_MAX = 64 << 10;
  private static final String KIND = "node";

  private NodeControl() {}

  /**
   * Changes labels, availability or the desired role of a node. The last manager stays one.
   *
   * @param voters who takes part in this cluster's log
   */
  public static Decision<UpdateNodeResponse> update(UpdateNodeRequest request, Voters voters) {
    Optional<Rejection> wrong =
        Checks.refuseIf(!request.hasNodeVersion(), "the version of the node to update is missing")
            .or(() -> check(request.hasSpec(), request.getSpec()));
    return Refuse.unless(wrong, () -> (draft, context) -> update(request, voters, draft, context));
  }

  private static Optional<Rejection> check(boolean present, NodeSpec spec) {
    return Checks.refuseIf(!present, "the spec of the node is missing")
        .or(() -> Checks.size(spec, SPEC_BYTES_MAX, "spec of the node"))
        .or(
            () ->
                Checks.refuseIf(
                    spec.getAvailability() == NodeSpec.Availability.UNRECOGNIZED,
                    "availability must be active, pause or drain"))
        .or(
            () ->
                Checks.refuseIf(
                    spec.getDesiredRole() == NodeRole.UNRECOGNIZED,
                    "the role of a node must be worker or manager"))
        .or(
            () ->
                Checks.refuseIf(
                    spec.getMembership() == NodeSpec.Membership.UNRECOGNIZED,
                    "membership must be pending or accepted"));
  }

  private static Verdict<UpdateNodeResponse> update(
      UpdateNodeRequest request, Voters voters, Snapshot draft, Decision.Context context) {
    Optional<Node> found = draft.nodes().find(new NodeId(request.getNodeId()));
    if (found.isEmpty()) {
      return Verdict.reject(Refuse.notFound(KIND, request.getNodeId()));
    }
    Node old = found.get();
    if (old.meta().version() != request.getNodeVersion().getIndex()) {
      return Verdict.reject(Rejection.stale());
    }
    Optional<Rejection> refused = roleChange(old, request.getSpec(), voters, draft);
    if (refused.isPresent()) {
      return Verdict.reject(refused.get());
    }
    Node made = old.withSpec(request.getSpec());
    Meta touched = old.meta().touched(context.index(), context.now().toEpochMilli());
    return Verdict.accept(
        List.of(new Change.PutNode(made)),
        snapshot ->
            UpdateNodeResponse.newBuilder()
                .setNode(
                    ToWire.node(
                        snapshot.nodes().find(made.id()).orElseGet(() -> made.withMeta(touched))))
                .build());
  }

  private static Optional<Rejection> roleChange(
      Node old, NodeSpec spec, Voters voters, Snapshot draft) {
    NodeRole before = old.spec().getDesiredRole();
    NodeRole after = spec.getDesiredRole();
    if (before == NodeRole.MANAGER && after == NodeRole.WORKER) {
      if (isLastManager(old, voters, draft)) {
        return Optional.of(
            Refuse.precondition(
                "attempting to demote the last manager of the swarm: promote another node first"));
      }
      if (!voters.canDoWithout(old.id())) {
        return Optional.of(
            Refuse.precondition(
                "can't remove member from the raft: this would result in a loss of quorum"));
      }
    }
    if (before == NodeRole.WORKER && after == NodeRole.MANAGER && !voters.couldVote(old)) {
      return Optional.of(
          Refuse.precondition(
              "node %s cannot become a manager: only nodes that run this program can"
                  .formatted(old.id())));
    }
    return Checks.OK;
  }

  /** Nodes that are only on their way to being managers hold no copy of the log yet. */
  private static boolean isLastManager(Node node, Voters voters, Snapshot draft) {
    return draft.nodes().stream()
        .filter(other -> !other.id().equals(node.id()))
        .noneMatch(
            other -> voters.votes(other.id()) && other.spec().getDesiredRole() == NodeRole.MANAGER);
  }

  /**
   * Forgets a node, its certificate from now on worthless, and gives up its tasks. One that may be
   * alive is removed only with force.
   */
  public static Decision<RemoveNodeResponse> remove(RemoveNodeRequest request) {
    return (draft, context) -> {
      Optional<Node> found = draft.nodes().find(new NodeId(request.getNodeId()));
      if (found.isEmpty()) {
        return Verdict.reject(Refuse.notFound(KIND, request.getNodeId()));
      }
      Node node = found.get();
      return irremovable(node, request.getForce())
          .map(Verdict::<RemoveNodeResponse>reject)
          .orElseGet(
              () ->
                  Verdict.accept(
                      removal(node, draft, context),
                      snapshot -> RemoveNodeResponse.getDefaultInstance()));
    };
  }

  private static Optional<Rejection> irremovable(Node node, boolean force) {
    if (node.spec().getDesiredRole() == NodeRole.MANAGER || node.role() == NodeRole.MANAGER) {
      return Optional.of(
          Refuse.precondition(
              "node %s is a cluster manager: it must be demoted to worker before removal"
                  .formatted(node.id())));
    }
    // Unknown is every node for a while after the leader changed: most of them live.
    boolean maybeAlive =
        switch (node.status().state()) {
          case READY -> true;
          case UNKNOWN -> !node.hostname().isEmpty();
          case DOWN, DISCONNECTED -> false;
        };
    return maybeAlive && !force
        ? Optional.of(
            Refuse.precondition(
                "node %s is not down and can't be removed: stop it first, or use force"
                    .formatted(node.id())))
        : Checks.OK;
  }

  private static List<Change> removal(Node node, Snapshot draft, Decision.Context context) {
    List<Change> changes = new ArrayList<>();
    draft.cluster().ifPresent(cluster -> changes.add(banned(cluster, node, context)));
    // Nobody will report of these any more: given up, they free what they hold.
    TaskStatus givenUp =
        TaskStatus.of(
            TaskState.ORPHANED, context.now(), "task belonged to a node that has been removed");
    draft
        .tasksOnInOrder(node.id())
        .filter(task -> !task.state().isTerminal())
        .forEach(task -> changes.add(Change.AdvanceTask.report(task.id(), givenUp)));
    changes.add(new Change.RemoveNode(node.id()));
    return changes;
  }

  private static Change banned(Cluster cluster, Node node, Decision.Context context) {
    return new Change.PutCluster(
        cluster.withObject(Blacklist.with(cluster.object(), node, context.now())));
  }
}
