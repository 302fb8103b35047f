package dev.swarm.core.allocator;

import dev.swarm.core.model.Attachment;
import dev.swarm.core.model.Cause;
import dev.swarm.core.model.Network;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.Task;
import dev.swarm.core.plan.Command;
import dev.swarm.core.plan.Plan;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Gives a node an address of its own on each network it is reached by: the ingress network, and
 * those of its tasks. Only nodes that carry such networks have any.
 */
public final class NodeAttachments {
  private NodeAttachments() {}

  /**
   * Idempotent: reconciling the result again asks for nothing, unless a network ran out of
   * addresses.
   */
  public static Plan reconcile(Snapshot snapshot, NodeId id) {
    Node node = snapshot.nodes().get(id);
    if (node == null || (node.networks().isEmpty() && !node.carriesOverlays())) {
      return Plan.NOTHING;
    }
    Set<String> wanted = node.carriesOverlays() ? wanted(snapshot, id) : Set.of();
    List<Attachment> next = new ArrayList<>();
    Set<String> open = new TreeSet<>(wanted);
    for (Attachment held : node.networks()) {
      if (open.remove(held.network())) {
        next.add(held);
      }
    }
    AddressBook book = new AddressBook(snapshot);
    for (String network : open) {
      snapshot
          .networks()
          .find(network)
          .flatMap(book::draw)
          .ifPresent(address -> next.add(new Attachment(network, List.of(address))));
    }
    return next.equals(node.networks())
        ? Plan.NOTHING
        : Plan.builder()
            .add(
                new Command.Make(
                    new Change.PutNode(node.withNetworks(next)), Cause.Plain.NETWORKS_CHANGED))
            .build();
  }

  private static Set<String> wanted(Snapshot snapshot, NodeId id) {
    Set<String> wanted = new TreeSet<>();
    TaskNetworks.ingress(snapshot).map(Network::id).ifPresent(wanted::add);
    snapshot
        .tasksOn(id)
        .tasks()
        .keys()
        .forEach(
            taskId -> {
              Optional<Task> task = snapshot.tasks().find(taskId).filter(Task::holdsAddresses);
              task.ifPresent(
                  found ->
                      found.networks().stream()
                          .filter(place -> !place.addresses().isEmpty())
                          .map(Attachment::network)
                          .filter(snapshot.networks()::contains)
                          .forEach(wanted::add));
            });
    return wanted;
  }
}
