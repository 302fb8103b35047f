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
import dev.swarm.core.model.TaskId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The whole cluster at one moment: immutable, shared by all readers without locks.
 *
 * @param index the sequence number of the last entry in it
 * @param at when that entry was made
 * @param servicesByName so that a name is taken once
 * @param tasksOf tasks of each service by slot; kept while tasks remain, even after the service
 * @param tasksOn every node with its tasks, and tasks left of nodes that are gone
 * @param waiting services that have tasks which wait for a node
 * @param down nodes that are down
 * @param globals services that want a task on every node
 * @param addresses taken on each network
 * @param rotation what was given away last of that which the cluster chooses itself
 */
public record Snapshot(
    long index,
    Instant at,
    Optional<Cluster> cluster,
    Table<NodeId, Node> nodes,
    Table<ServiceId, Service> services,
    Table<TaskId, Task> tasks,
    Table<String, Network> networks,
    Table<String, Secret> secrets,
    Table<String, Config> configs,
    Table<String, ServiceId> servicesByName,
    Table<ServiceId, ServiceTasks> tasksOf,
    Table<NodeId, NodeTasks> tasksOn,
    Table<ServiceId, ServiceId> waiting,
    Table<NodeId, NodeId> down,
    Table<ServiceId, ServiceId> globals,
    Table<String, Addresses> addresses,
    Rotation rotation) {

  public static final Snapshot EMPTY =
      new Snapshot(
          0,
          Instant.EPOCH,
          Optional.empty(),
          Table.empty(),
          Table.empty(),
          Table.empty(),
          Table.empty(),
          Table.empty(),
          Table.empty(),
          Table.empty(),
          Table.empty(),
          Table.empty(),
          Table.empty(),
          Table.empty(),
          Table.empty(),
          Table.empty(),
          Rotation.START);

  /** A snapshot and what led to it. */
  public record Step(Snapshot snapshot, Delta delta) {}

  /** This state after the changes of entry {@code index}. The same on every manager. */
  public Step apply(long index, Instant at, List<Change> changes) {
    return new SnapshotEdit(this, index, at).apply(changes);
  }

  public ServiceTasks tasksOf(ServiceId service) {
    return tasksOf.getOrDefault(service, ServiceTasks.EMPTY);
  }

  public SlotTasks slot(ServiceId service, Slot slot) {
    return tasksOf(service).slots().getOrDefault(slot, SlotTasks.EMPTY);
  }

  /** The tasks of a slot, oldest first. */
  public List<Task> tasksIn(ServiceId service, Slot slot) {
    List<TaskId> ids = slot(service, slot).tasks();
    List<Task> found = new ArrayList<>(ids.size());
    for (TaskId id : ids) {
      Task task = tasks.get(id);
      if (task != null) {
        found.add(task);
      }
    }
    return found;
  }

  public NodeTasks tasksOn(NodeId node) {
    return tasksOn.getOrDefault(node, NodeTasks.EMPTY);
  }

  /** The tasks given to a node, in order of their ids. */
  public Stream<Task> tasksOnInOrder(NodeId node) {
    return tasksOn(node).tasks().keys().stream().sorted().flatMap(id -> tasks.find(id).stream());
  }

  public Addresses addressesOf(String network) {
    return addresses.getOrDefault(network, Addresses.NONE);
  }

  /** Networks that are no more, while some have not let go of them. */
  public Stream<Network> removedNetworks() {
    return addresses.stream().flatMap(on -> on.removed().stream());
  }

  public Optional<Service> serviceNamed(String name) {
    return servicesByName.find(name).flatMap(services::find);
  }
}
