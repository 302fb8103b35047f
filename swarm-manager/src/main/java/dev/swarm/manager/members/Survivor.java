package dev.swarm.manager.members;

import dev.swarm.core.control.Roles;
import dev.swarm.core.plan.Decision;
import dev.swarm.core.plan.Verdict;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.Snapshot;
import docker.swarmkit.v1.NodeRole;
import java.util.List;

/** What a manager decides first that goes on alone after the majority was lost for good. */
public final class Survivor {
  private Survivor() {}

  /**
   * The managers that were lost are managers no more, should they come back.
   *
   * @param self the node id of the one that is left
   */
  public static Decision<Snapshot> alone(String self) {
    return (draft, context) -> {
      List<Change> demoted =
          draft.nodes().stream()
              .filter(node -> !node.id().value().equals(self))
              .filter(
                  node ->
                      node.role() == NodeRole.MANAGER
                          || node.spec().getDesiredRole() == NodeRole.MANAGER)
              .<Change>map(
                  node ->
                      new Change.PutNode(
                          Roles.with(node, NodeRole.WORKER)
                              .withSpec(
                                  node.spec().toBuilder().setDesiredRole(NodeRole.WORKER).build())))
              .toList();
      return Verdict.accept(demoted, snapshot -> snapshot);
    };
  }
}
