package dev.swarm.core.store;

import dev.swarm.core.model.Cluster;
import dev.swarm.core.model.Config;
import dev.swarm.core.model.Network;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.Secret;
import dev.swarm.core.model.Service;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.model.Slot;
import dev.swarm.core.model.Task;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A snapshot without its indexes, as it is stored; what cannot be derived from objects is listed.
 */
public record SnapshotImage(
    long index,
    Instant at,
    Optional<Cluster> cluster,
    List<Node> nodes,
    List<Service> services,
    List<Task> tasks,
    List<SlotHistory> slots,
    List<Network> networks,
    List<Secret> secrets,
    List<Config> configs,
    List<NodeHistory> failures,
    List<Cursor> cursors,
    List<Network> removed,
    Rotation rotation) {

  /** The order of a slot's tasks, and its restarts. */
  public record SlotHistory(ServiceId service, Slot slot, SlotTasks tasks) {}

  /** What failed lately on a node. */
  public record NodeHistory(NodeId node, List<NodeTasks.Failure> failures) {}

  /** The address of a network that was taken last. */
  public record Cursor(String network, String last) {}

  /** The snapshot with all its indexes. */
  public Snapshot toSnapshot() {
    return new SnapshotEdit(Snapshot.EMPTY, index, at).restore(this);
  }
}
