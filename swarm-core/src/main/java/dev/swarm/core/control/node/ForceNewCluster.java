package dev.swarm.core.control.node;

import dev.swarm.core.model.NodeId;
import dev.swarm.core.plan.Decision;
import dev.swarm.core.plan.Verdict;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.Snapshot;
import docker.swarmkit.v1.NodeRole;
import docker.swarmkit.v1.NodeSpec;
import java.util.List;

/**
 * The first decision of a manager that goes on alone after the majority was lost for good: every
 * other manager is recorded as a worker.
 */
public final class ForceNewCluster {
  private ForceNewCluster() {}

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

  /**
   * @param self the node id of the one that is left
   */
  public static Decision<Snapshot> availability(String self, NodeSpec.Availability availability) {
    return (draft, context) ->
        Verdict.accept(
            draft.nodes().find(new NodeId(self)).stream()
                .<Change>map(
                    node ->
                        new Change.PutNode(
                            node.withSpec(
                                node.spec().toBuilder().setAvailability(availability).build())))
                .toList(),
            snapshot -> snapshot);
  }

  /**
   * Other addresses for the networks that are made from now on.
   *
   * @param pool networks in CIDR notation; empty to leave them as they are
   * @param subnetBits prefix length of subnets, 0 for the default
   * @param vxlanPort on which nodes send one another packets, 0 to leave it as it is
   */
  public static Decision<Snapshot> networks(List<String> pool, int subnetBits, int vxlanPort) {
    return (draft, context) ->
        Verdict.accept(
            draft.cluster().stream()
                .<Change>map(
                    cluster -> {
                      var object = cluster.object().toBuilder();
                      if (!pool.isEmpty()) {
                        object
                            .clearDefaultAddressPool()
                            .addAllDefaultAddressPool(pool)
                            .setSubnetSize(subnetBits);
                      }
                      if (vxlanPort != 0) {
                        object.setVXLANUDPPort(vxlanPort);
                      }
                      return new Change.PutCluster(cluster.withObject(object.build()));
                    })
                .toList(),
            snapshot -> snapshot);
  }
}
