package dev.swarm.core.store;

import dev.swarm.core.model.Claim;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.spec.NodePort;
import dev.swarm.core.spec.TaskPolicy;
import dev.swarm.core.store.NodeTasks.Failure;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tasks of one node, and what they take of it, while a snapshot is edited. */
final class NodeTasksEdit {
  final Table.Builder<TaskId, TaskId> tasks;
  private final Table.Builder<ServiceId, Integer> perService;
  private final Table.Builder<NodePort, Integer> ports;
  private final Table.Builder<Claim, Integer> generic;
  private long nanoCpus;
  private long memoryBytes;
  private int active;
  private List<Failure> failures;
  private @Nullable Node node;

  NodeTasksEdit(NodeTasks base) {
    tasks = base.tasks().edit();
    NodeLoad load = base.load();
    perService = load.perService().edit();
    ports = load.ports().edit();
    generic = load.generic().edit();
    nanoCpus = load.nanoCpus();
    memoryBytes = load.memoryBytes();
    active = load.active();
    failures = base.failures();
    node = base.node();
  }

  /** The node's newest version; null where it is gone. */
  void put(@Nullable Node newest) {
    node = newest;
    forgetGone();
  }

  /** What failed on a node that is gone is forgotten with the last of its tasks. */
  private void forgetGone() {
    if (node == null && tasks.isEmpty()) {
      failures = List.of();
    }
  }

  void remove(Task task) {
    tasks.remove(task.id());
    count(task, -1);
    forgetGone();
  }

  /** Counts what a task takes, or no longer takes where {@code sign} is -1. */
  void count(Task task, int sign) {
    if (!task.occupiesNode()) {
      return;
    }
    TaskPolicy policy = task.template().policy();
    for (NodePort port : policy.hostPorts()) {
      add(ports, port, sign);
    }
    for (Claim claim : task.claims()) {
      add(generic, new Claim(claim.kind(), claim.name(), 1), sign * claim.count());
    }
    nanoCpus += sign * policy.nanoCpus();
    memoryBytes += sign * policy.memoryBytes();
    if (task.isRunnable()) {
      active += sign;
      add(perService, task.serviceId(), sign);
    }
  }

  private static <K> void add(Table.Builder<K, Integer> counts, K key, int more) {
    Integer before = counts.get(key);
    int next = (before == null ? 0 : before) + more;
    if (next == 0) {
      counts.remove(key);
    } else {
      counts.put(key, next);
    }
  }

  void failed(Task task, Instant at) {
    failures = NodeTasks.withFailure(failures, task, at);
  }

  void restoreFailures(List<Failure> restored) {
    failures = restored;
  }

  /** Whether there is nothing to keep. */
  boolean isEmpty() {
    return node == null && tasks.isEmpty();
  }

  NodeTasks build() {
    return new NodeTasks(
        node,
        tasks.build(),
        new NodeLoad(
            nanoCpus, memoryBytes, active, perService.build(), ports.build(), generic.build()),
        failures);
  }
}
