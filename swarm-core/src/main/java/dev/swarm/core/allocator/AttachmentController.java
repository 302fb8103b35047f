package dev.swarm.core.allocator;

import dev.swarm.core.allocator.AttachmentController.AttachmentsKey;
import dev.swarm.core.model.Network;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.Task;
import dev.swarm.core.plan.Controller;
import dev.swarm.core.plan.Key;
import dev.swarm.core.plan.Plan;
import dev.swarm.core.store.Delta;
import dev.swarm.core.store.Delta.Changed;
import dev.swarm.core.store.Snapshot;
import java.time.Instant;
import java.util.Comparator;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Gives nodes their addresses on networks; the decision is {@link NodeAttachments}. */
public final class AttachmentController implements Controller<AttachmentsKey> {
  /** A node's places on networks. */
  public record AttachmentsKey(NodeId node) implements Key {
    @Override
    public String describe(Snapshot snapshot) {
      return "networks of node " + node;
    }
  }

  @Override
  public Class<AttachmentsKey> keys() {
    return AttachmentsKey.class;
  }

  @Override
  public Stream<AttachmentsKey> all(Snapshot snapshot) {
    return snapshot.nodes().keys().stream().sorted().map(AttachmentsKey::new);
  }

  @Override
  public void wake(Snapshot now, Delta delta, Consumer<? super AttachmentsKey> wake) {
    for (Changed<Task> changed : delta.tasks()) {
      Task task = changed.latest();
      if (!task.networks().isEmpty()
          && changed.before().filter(Task::holdsAddresses).isPresent()
              != changed.after().filter(Task::holdsAddresses).isPresent()) {
        wake.accept(new AttachmentsKey(task.node()));
      }
    }
    if (delta.networks().stream().anyMatch(AttachmentController::concernsAllNodes)) {
      now.nodes().stream()
          .sorted(Comparator.comparing(Node::id))
          .forEach(node -> onNode(node, wake));
    }
    for (Changed<Node> changed : delta.nodes()) {
      onNode(changed.latest(), wake);
    }
  }

  private static boolean concernsAllNodes(Changed<Network> changed) {
    return changed.after().isEmpty() || changed.latest().isIngress();
  }

  private static void onNode(Node node, Consumer<? super AttachmentsKey> wake) {
    if (!node.networks().isEmpty() || node.carriesOverlays()) {
      wake.accept(new AttachmentsKey(node.id()));
    }
  }

  @Override
  public Plan reconcile(Snapshot snapshot, AttachmentsKey key, Instant now) {
    return NodeAttachments.reconcile(snapshot, key.node());
  }
}
