package dev.swarm.core.orchestrator;

import dev.swarm.core.model.Cause;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.model.TaskStatus;
import dev.swarm.core.plan.Command;
import dev.swarm.core.plan.Plan;
import dev.swarm.core.store.NodeLoad;
import dev.swarm.core.store.Snapshot;
import docker.swarmkit.v1.Resources;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * Reconciles the tasks of one node: gives up those of a node long gone, evicts what no longer fits.
 */
public final class NodeReconciler {
  /** After this long down, a node's tasks are given up. */
  static final Duration ORPHANED_AFTER = Duration.ofHours(24);

  private NodeReconciler() {}

  public static Plan reconcile(Snapshot snapshot, NodeId id, Instant now) {
    Plan.Builder plan = Plan.builder();
    Node node = snapshot.nodes().get(id);
    if (node == null) {
      orphan(snapshot, id, new Cause.NodeRemoved(id), now, plan);
    } else if (node.isDown()) {
      Instant at = node.status().since().plus(ORPHANED_AFTER);
      if (at.isAfter(now)) {
        plan.wakeAt(at);
      } else {
        orphan(snapshot, id, new Cause.NodeDown(id, node.status().since()), now, plan);
      }
    } else {
      evictOverload(snapshot, node, now, plan);
    }
    return plan.build();
  }

  private static void orphan(
      Snapshot snapshot, NodeId id, Cause cause, Instant now, Plan.Builder plan) {
    snapshot
        .tasksOnInOrder(id)
        .filter(task -> !task.state().isTerminal())
        .limit(Plan.COMMANDS_MAX)
        .forEach(
            task ->
                plan.add(
                    Command.report(
                        task.id(),
                        TaskStatus.of(TaskState.ORPHANED, now, "the task's node is gone"),
                        cause)));
  }

  /** A node that shrank keeps its oldest tasks, as many as still fit. */
  private static void evictOverload(Snapshot snapshot, Node node, Instant now, Plan.Builder plan) {
    NodeLoad load = snapshot.tasksOn(node.id()).load();
    Resources total = node.description().getResources();
    long nanoCpusOver = load.nanoCpus() - total.getNanoCpus();
    long memoryBytesOver = load.memoryBytes() - total.getMemoryBytes();
    if (nanoCpusOver <= 0 && memoryBytesOver <= 0) {
      return;
    }
    List<Task> newestFirst =
        snapshot
            .tasksOnInOrder(node.id())
            .filter(task -> task.occupiesNode() && task.isRunnable())
            .sorted(
                Comparator.comparingLong((Task task) -> task.meta().createdAtMillis()).reversed())
            .toList();
    for (Task task : newestFirst) {
      long nanoCpus = task.template().policy().nanoCpus();
      long memoryBytes = task.template().policy().memoryBytes();
      boolean helps =
          (nanoCpusOver > 0 && nanoCpus > 0) || (memoryBytesOver > 0 && memoryBytes > 0);
      if (helps) {
        plan.add(
            Command.report(
                task.id(),
                TaskStatus.of(TaskState.REJECTED, now, task.status().message())
                    .withErr("assigned node no longer has the resources the task reserves"),
                Cause.Plain.OUTGROWN));
        nanoCpusOver -= nanoCpus;
        memoryBytesOver -= memoryBytes;
      }
    }
  }
}
