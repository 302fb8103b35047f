package dev.swarm.manager.loop;

import dev.swarm.core.allocator.BootstrapKeys;
import dev.swarm.core.allocator.NodeAttachments;
import dev.swarm.core.orchestrator.NodeReconciler;
import dev.swarm.core.orchestrator.ServiceReconciler;
import dev.swarm.core.orchestrator.SlotReconciler;
import dev.swarm.core.plan.Key;
import dev.swarm.core.plan.Plan;
import dev.swarm.core.scheduler.Scheduler;
import dev.swarm.core.store.Snapshot;
import java.time.Instant;

/** Which controller looks at which key. */
@FunctionalInterface
public interface Reconcilers {
  /** Pure: the same arguments give the same plan. */
  Plan reconcile(Snapshot snapshot, Key key, Instant now);

  /** The controllers of a manager. */
  static Plan all(Snapshot snapshot, Key key, Instant now) {
    return switch (key) {
      case Key.OfService of -> ServiceReconciler.reconcile(snapshot, of.service(), now);
      case Key.OfSlot of -> SlotReconciler.reconcile(snapshot, of.service(), of.slot(), now);
      case Key.OfNode of -> NodeReconciler.reconcile(snapshot, of.node(), now);
      case Key.OfAttachments of -> NodeAttachments.reconcile(snapshot, of.node());
      case Key.OfCluster ignored -> BootstrapKeys.reconcile(snapshot, now);
      case Key.OfWaiting of -> Scheduler.reconcile(snapshot, of.service(), now);
    };
  }
}
