package dev.swarm.core.loop;

import dev.swarm.core.loop.DrainEmptiedNodes.EmptiedKey;
import dev.swarm.core.model.Cause;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.Task;
import dev.swarm.core.plan.Command;
import dev.swarm.core.plan.Controller;
import dev.swarm.core.plan.Key;
import dev.swarm.core.plan.Plan;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.Delta;
import dev.swarm.core.store.Delta.Changed;
import dev.swarm.core.store.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A sample of a controller: removes a node that was drained, once it has been empty for a while.
 */
final class DrainEmptiedNodes implements Controller<EmptiedKey> {
  static final Duration EMPTY_FOR = Duration.ofMinutes(10);

  record EmptiedKey(NodeId node) implements Key {
    @Override
    public String describe(Snapshot snapshot) {
      return "drained node " + node;
    }
  }

  @Override
  public Class<EmptiedKey> keys() {
    return EmptiedKey.class;
  }

  @Override
  public Stream<EmptiedKey> all(Snapshot snapshot) {
    return snapshot.nodes().keys().stream().sorted().map(EmptiedKey::new);
  }

  @Override
  public void wake(Snapshot now, Delta delta, Consumer<? super EmptiedKey> wake) {
    for (Changed<Node> changed : delta.nodes()) {
      wake.accept(new EmptiedKey(changed.latest().id()));
    }
    for (Changed<Task> changed : delta.tasks()) {
      wake.accept(new EmptiedKey(changed.latest().node()));
    }
  }

  @Override
  public Plan reconcile(Snapshot snapshot, EmptiedKey key, Instant now) {
    Node node = snapshot.nodes().get(key.node());
    if (node == null || !node.isDrained() || !snapshot.tasksOn(node.id()).tasks().isEmpty()) {
      return Plan.NOTHING;
    }
    Instant due = node.meta().updatedAt().plus(EMPTY_FOR);
    return now.isBefore(due)
        ? Plan.builder().wakeAt(due).build()
        : Plan.builder()
            .add(new Command.Make(new Change.RemoveNode(node.id()), new Cause.Drained(node.id())))
            .build();
  }
}
