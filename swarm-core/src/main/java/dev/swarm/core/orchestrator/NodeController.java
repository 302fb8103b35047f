package dev.swarm.core.orchestrator;

import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.orchestrator.NodeController.NodeKey;
import dev.swarm.core.plan.Controller;
import dev.swarm.core.plan.Key;
import dev.swarm.core.plan.Plan;
import dev.swarm.core.store.Delta;
import dev.swarm.core.store.Delta.Changed;
import dev.swarm.core.store.Snapshot;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Reconciles nodes, and tasks left on those that are gone; the decision is {@link NodeReconciler}.
 */
public final class NodeController implements Controller<NodeKey> {
  /** A node and its tasks. */
  public record NodeKey(NodeId node) implements Key {
    @Override
    public String describe(Snapshot snapshot) {
      return "node " + node;
    }
  }

  @Override
  public Class<NodeKey> keys() {
    return NodeKey.class;
  }

  @Override
  public Stream<NodeKey> all(Snapshot snapshot) {
    return Stream.concat(snapshot.nodes().keys().stream(), snapshot.tasksOn().keys().stream())
        .sorted()
        .distinct()
        .map(NodeKey::new);
  }

  @Override
  public void wake(Snapshot now, Delta delta, Consumer<? super NodeKey> wake) {
    for (Changed<Node> changed : delta.nodes()) {
      if (Delta.concernsTasks(changed)) {
        wake.accept(new NodeKey(changed.latest().id()));
      }
    }
  }

  @Override
  public Plan reconcile(Snapshot snapshot, NodeKey key, Instant now) {
    return NodeReconciler.reconcile(snapshot, key.node(), now);
  }
}
