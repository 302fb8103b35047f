package dev.swarm.core.store;

import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Task;
import dev.swarm.core.spec.HostPort;

/**
 * What tasks take of a node.
 *
 * @param nanoCpus reserved by tasks that may be running, in billionths of a processor
 * @param memoryBytes likewise
 * @param active tasks wanted to run
 * @param perService those of each service
 * @param ports how many tasks that may be running hold each port
 */
public record NodeLoad(
    long nanoCpus,
    long memoryBytes,
    int active,
    Table<ServiceId, Integer> perService,
    Table<HostPort, Integer> ports) {
  public static final NodeLoad NONE = new NodeLoad(0, 0, 0, Table.empty(), Table.empty());

  public int activeOf(ServiceId service) {
    Integer count = perService.get(service);
    return count == null ? 0 : count;
  }

  NodeLoad plus(Task task, int sign) {
    if (!task.occupiesNode()) {
      return this;
    }
    Table<HostPort, Integer> newPorts = ports;
    for (HostPort port : task.template().policy().hostPorts()) {
      newPorts = add(newPorts, port, sign);
    }
    boolean counts = task.isRunnable();
    return new NodeLoad(
        nanoCpus + sign * task.template().policy().nanoCpus(),
        memoryBytes + sign * task.template().policy().memoryBytes(),
        counts ? active + sign : active,
        counts ? add(perService, task.serviceId(), sign) : perService,
        newPorts);
  }

  private static <K> Table<K, Integer> add(Table<K, Integer> counts, K key, int sign) {
    int next = counts.getOrDefault(key, 0) + sign;
    return next == 0 ? counts.without(key) : counts.with(key, next);
  }
}
