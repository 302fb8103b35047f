package dev.swarm.manager.dispatcher;

import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.plan.Decision;
import dev.swarm.core.plan.Rejection;
import dev.swarm.core.plan.Verdict;
import dev.swarm.core.port.AgentLink;
import dev.swarm.core.store.Change;
import docker.swarmkit.v1.NodeDescription;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What the dispatcher has decided about the life of nodes. */
final class NodeDecisions {
  private static final String WITHOUT_ENGINE =
      "the engine of this node does not answer: the node gets no new tasks until it does";

  private NodeDecisions() {}

  /** A node came: it is ready, and says what it is. */
  static Decision<Node> register(NodeId id, NodeDescription description, String addr) {
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
  static Decision<Integer> down(List<NodeId> ids, String why) {
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
  static Decision<Integer> unknown(List<NodeId> ids) {
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
