package dev.swarm.core.control.node;

import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.plan.Decision;
import dev.swarm.core.plan.Rejection;
import dev.swarm.core.plan.Verdict;
import dev.swarm.core.port.AgentLink;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.Snapshot;
import docker.swarmkit.v1.NodeDescription;
import docker.swarmkit.v1.Resources;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The dispatcher's decisions on the state of nodes: registered and ready, down, or unknown. */
public final class NodeDecisions {
  private static final String WITHOUT_ENGINE =
      "the engine of this node does not answer: the node gets no new tasks until it does";

  private NodeDecisions() {}

  /** What an entry may be asked to hold of nodes that come and go together. */
  private static final int BYTES_A_DECISION = 512 << 10;

  /** More processors, or memory, than any machine has; sums of it do not overflow. */
  private static final long NANO_CPUS_MAX = 1L << 53;

  private static final long MEMORY_BYTES_MAX = 1L << 60;

  /** The same nodes, in lots that an entry has room for. */
  public static List<List<NodeId>> lots(Snapshot snapshot, List<NodeId> ids) {
    List<List<NodeId>> lots = new ArrayList<>();
    List<NodeId> lot = new ArrayList<>();
    int bytes = 0;
    for (NodeId id : ids) {
      bytes += snapshot.nodes().find(id).map(NodeDecisions::sizeOf).orElse(0);
      if (bytes > BYTES_A_DECISION && !lot.isEmpty()) {
        lots.add(List.copyOf(lot));
        lot.clear();
        bytes = snapshot.nodes().find(id).map(NodeDecisions::sizeOf).orElse(0);
      }
      lot.add(id);
    }
    if (!lot.isEmpty()) {
      lots.add(List.copyOf(lot));
    }
    return lots;
  }

  private static int sizeOf(Node node) {
    return 1000
        + node.spec().getSerializedSize()
        + node.description().getSerializedSize()
        + node.certificate().getSerializedSize()
        + 100 * node.networks().size();
  }

  /** What a node says of itself, as far as it can be true. */
  private static NodeDescription plausible(NodeDescription told) {
    Resources resources = told.getResources();
    long nanoCpus = Math.clamp(resources.getNanoCpus(), 0, NANO_CPUS_MAX);
    long memoryBytes = Math.clamp(resources.getMemoryBytes(), 0, MEMORY_BYTES_MAX);
    return nanoCpus == resources.getNanoCpus() && memoryBytes == resources.getMemoryBytes()
        ? told
        : told.toBuilder()
            .setResources(resources.toBuilder().setNanoCpus(nanoCpus).setMemoryBytes(memoryBytes))
            .build();
  }

  /** A node came: it is ready, and says what it is. */
  public static Decision<Node> register(NodeId id, NodeDescription told, String addr) {
    NodeDescription description = plausible(told);
    return (draft, context) -> {
      Node node = draft.nodes().get(id);
      if (node == null) {
        return Verdict.reject(Rejection.notFound(AgentLink.UNKNOWN_NODE));
      }
      Instant since = node.isReady() ? node.status().since() : context.now();
      Node ready = readyAs(node.withDescription(description), addr, since);
      boolean same =
          node.isReady()
              && node.status().addr().equals(addr)
              && node.description().equals(description);
      return Verdict.accept(
          same ? List.of() : List.of(new Change.PutNode(ready)),
          snapshot -> Objects.requireNonNullElse(snapshot.nodes().get(id), ready));
    };
  }

  private static Node readyAs(Node node, String addr, Instant since) {
    String message = node.lacksItsEngine() ? WITHOUT_ENGINE : "";
    return node.withStatus(new Node.Status(Node.State.READY, message, addr, since));
  }

  /** Nodes that were not heard of in time. Those that are gone, or down already, are left. */
  public static Decision<Integer> down(List<NodeId> ids, String why) {
    return (draft, context) -> {
      List<Change> changes = new ArrayList<>();
      for (NodeId id : ids) {
        Node node = draft.nodes().get(id);
        if (node != null && !node.isDown()) {
          changes.add(
              new Change.PutNode(
                  node.withStatus(
                      new Node.Status(Node.State.DOWN, why, node.status().addr(), context.now()))));
        }
      }
      int count = changes.size();
      return Verdict.accept(changes, snapshot -> count);
    };
  }

  /** Nodes of which a manager that begins to lead knows nothing yet. */
  public static Decision<Integer> unknown(List<NodeId> ids) {
    return (draft, context) -> {
      List<Change> changes = new ArrayList<>();
      for (NodeId id : ids) {
        Node node = draft.nodes().get(id);
        if (node != null && node.isReady()) {
          changes.add(
              new Change.PutNode(
                  node.withStatus(
                      new Node.Status(
                          Node.State.UNKNOWN,
                          "waiting for the node to register with the new leader",
                          node.status().addr(),
                          context.now()))));
        }
      }
      int count = changes.size();
      return Verdict.accept(changes, snapshot -> count);
    };
  }
}
