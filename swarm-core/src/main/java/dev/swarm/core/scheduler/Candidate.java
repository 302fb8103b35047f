package dev.swarm.core.scheduler;

import dev.swarm.core.model.Claim;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.spec.TaskPolicy;
import dev.swarm.core.store.NodeLoad;
import dev.swarm.core.store.NodeTasks;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A node that may take tasks of one service during one pass, and what it has taken so far. */
final class Candidate {
  private static final int COUNT_BITS = 20;
  private static final int COUNT_MAX = (1 << COUNT_BITS) - 1;

  final Node node;
  private final boolean failing;
  private int ofService;
  private int ofAll;
  private int active;
  private long nanoCpusFree;
  private long memoryBytesFree;
  private final NodeLoad load;
  private @Nullable GenericRoom generic;

  /**
   * @param leaving tasks of the service here that an update is about to replace: they don't count
   */
  Candidate(
      Node node, NodeTasks tasks, ServiceId service, long specVersion, int leaving, Instant now) {
    this.node = node;
    load = tasks.load();
    failing = tasks.isFailing(service, specVersion, now);
    ofAll = tasks.load().activeOf(service);
    ofService = ofAll - leaving;
    active = tasks.load().active() - leaving;
    nanoCpusFree = node.description().getResources().getNanoCpus() - tasks.load().nanoCpus();
    memoryBytesFree =
        node.description().getResources().getMemoryBytes() - tasks.load().memoryBytes();
  }

  int ofService() {
    return ofService;
  }

  /** Counts one more task here; returns what of the generic resources is now its own. */
  List<Claim> take(TaskPolicy policy) {
    ofService++;
    ofAll++;
    active++;
    nanoCpusFree -= policy.nanoCpus();
    memoryBytesFree -= policy.memoryBytes();
    return policy.generic().isEmpty() ? List.of() : generic().take(policy.generic());
  }

  /** Looked at only for the few services that reserve any. */
  private GenericRoom generic() {
    if (generic == null) {
      generic = new GenericRoom(node, load);
    }
    return generic;
  }

  /** Whether one more task of the same service fits after {@link #take}; otherwise why not. */
  @Nullable Refusal refusalOfAnother(TaskPolicy policy) {
    if ((policy.nanoCpus() > 0 && nanoCpusFree < policy.nanoCpus())
        || (policy.memoryBytes() > 0 && memoryBytesFree < policy.memoryBytes())) {
      return Refusal.INSUFFICIENT_RESOURCES;
    }
    if (!policy.generic().isEmpty() && !generic().has(policy.generic())) {
      return Refusal.INSUFFICIENT_RESOURCES;
    }
    if (!policy.hostPorts().isEmpty() && !policy.portsOn(node.carriesOverlays()).isEmpty()) {
      return Refusal.HOST_PORT; // the one just taken holds the port
    }
    if (policy.maxReplicas() > 0 && ofAll >= policy.maxReplicas()) {
      return Refusal.MAX_REPLICAS;
    }
    return null;
  }

  /**
   * The lower the better: nodes where the service keeps failing come last, then the fewest of its
   * tasks count, then the fewest in all. Of 41 bits.
   */
  long rank() {
    long ofServiceFirst = (long) count(ofService) << COUNT_BITS | count(active);
    return failing ? 1L << (2 * COUNT_BITS) | ofServiceFirst : ofServiceFirst;
  }

  private static int count(int tasks) {
    return Math.clamp(tasks, 0, COUNT_MAX);
  }
}
