package dev.swarm.core.store;

import dev.swarm.core.model.Claim;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.spec.NodePort;

/**
 * Resources of a node that its tasks take.
 *
 * @param nanoCpus reserved by tasks that may be running, in billionths of a processor
 * @param memoryBytes likewise
 * @param active tasks wanted to run
 * @param perService those of each service
 * @param ports how many tasks that may be running hold each port
 * @param generic how much they hold of each generic resource; keys count 1
 */
public record NodeLoad(
    long nanoCpus,
    long memoryBytes,
    int active,
    Table<ServiceId, Integer> perService,
    Table<NodePort, Integer> ports,
    Table<Claim, Integer> generic) {
  public static final NodeLoad NONE =
      new NodeLoad(0, 0, 0, Table.empty(), Table.empty(), Table.empty());

  public int activeOf(ServiceId service) {
    Integer count = perService.get(service);
    return count == null ? 0 : count;
  }
}
