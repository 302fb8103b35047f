package dev.swarm.core.placement;

import dev.swarm.core.model.Claim;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.spec.NodePort;
import dev.swarm.core.spec.TaskPolicy;
import dev.swarm.core.store.NodeLoad;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Resources that a node has left for tasks of one service, while they are placed. */
public final class Room {
  private final Node node;
  private final NodeLoad load;
  private int ofService;
  private long nanoCpus;
  private long memoryBytes;
  private List<NodePort> portsTaken = List.of();
  private @Nullable GenericRoom generic;

  public Room(Node node, NodeLoad load, ServiceId service) {
    this.node = node;
    this.load = load;
    ofService = load.activeOf(service);
    nanoCpus = node.description().getResources().getNanoCpus() - load.nanoCpus();
    memoryBytes = node.description().getResources().getMemoryBytes() - load.memoryBytes();
  }

  public Node node() {
    return node;
  }

  /** How many of the service's tasks are wanted to run here. */
  public int ofService() {
    return ofService;
  }

  boolean hasResources(TaskPolicy policy) {
    return (policy.nanoCpus() <= 0 || policy.nanoCpus() <= nanoCpus)
        && (policy.memoryBytes() <= 0 || policy.memoryBytes() <= memoryBytes)
        && has(policy.generic());
  }

  private boolean has(Map<String, Integer> wanted) {
    return wanted.isEmpty() || generic().has(wanted);
  }

  /** Looked at only for the few services that reserve any. */
  private GenericRoom generic() {
    if (generic == null) {
      generic = new GenericRoom(node, load);
    }
    return generic;
  }

  boolean hasPorts(TaskPolicy policy) {
    for (NodePort port : policy.portsOn(node.carriesOverlays())) {
      if (load.ports().contains(port) || portsTaken.contains(port)) {
        return false;
      }
    }
    return true;
  }

  /** Counts one more task here; returns what of the generic resources is now its own. */
  public List<Claim> take(TaskPolicy policy) {
    ofService++;
    nanoCpus -= policy.nanoCpus();
    memoryBytes -= policy.memoryBytes();
    if (!policy.hostPorts().isEmpty()) {
      portsTaken = policy.portsOn(node.carriesOverlays());
    }
    return policy.generic().isEmpty() ? List.of() : generic().take(policy.generic());
  }
}
