package dev.swarm.core.allocator;

import dev.swarm.core.allocator.BootstrapKeyController.ClusterKey;
import dev.swarm.core.plan.Controller;
import dev.swarm.core.plan.Key;
import dev.swarm.core.plan.Plan;
import dev.swarm.core.store.Delta;
import dev.swarm.core.store.Snapshot;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Creates and rotates the keys of the engines' gossip; the decision is {@link BootstrapKeys}. */
public final class BootstrapKeyController implements Controller<ClusterKey> {
  /** The cluster, of which there is one. */
  public record ClusterKey() implements Key {
    @Override
    public String describe(Snapshot snapshot) {
      return "keys of the networks' gossip";
    }
  }

  @Override
  public Class<ClusterKey> keys() {
    return ClusterKey.class;
  }

  @Override
  public Stream<ClusterKey> all(Snapshot snapshot) {
    return snapshot.cluster().stream().map(cluster -> new ClusterKey());
  }

  @Override
  public void wake(Snapshot now, Delta delta, Consumer<? super ClusterKey> wake) {
    if (!delta.clusters().isEmpty()) {
      wake.accept(new ClusterKey());
    }
  }

  @Override
  public Plan reconcile(Snapshot snapshot, ClusterKey key, Instant now) {
    return BootstrapKeys.reconcile(snapshot, now);
  }
}
