package dev.swarm.core.placement;

import dev.swarm.core.allocator.TaskNetworks;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.Service;
import dev.swarm.core.spec.TaskPolicy;
import dev.swarm.core.store.NodeTasks;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The filters for tasks of one template, with the number of nodes that each has refused during one
 * pass. A node is refused by the first filter that it does not pass, in the order in which they
 * stand here.
 */
public final class Filters {
  private static final List<Filter.Selecting> SELECTING = List.of(new ConstraintFilter());

  private static final List<Filter.OfNode> OF_NODE =
      Stream.of(
              Stream.of(
                  new ReadyFilter(), new EngineFilter(), new PluginFilter(), new RuntimeFilter()),
              SELECTING.stream(),
              Stream.of(new PlatformFilter(), new NetworkReachFilter(), new NetworkHeldFilter()))
          .<Filter.OfNode>flatMap(filters -> filters)
          .toList();

  private static final List<Filter.OfRoom> OF_ROOM =
      List.of(new ResourceFilter(), new HostPortFilter(), new MaxReplicasFilter());

  private final Needs needs;
  private final Filter.OfNode[] ofNode;
  private final Filter.OfRoom[] ofRoom;
  private final int[] refusedNode;
  private final int[] refusedRoom;

  public Filters(Needs needs) {
    this.needs = needs;
    ofNode = OF_NODE.stream().filter(f -> f.concerns(needs)).toArray(Filter.OfNode[]::new);
    ofRoom = OF_ROOM.stream().filter(f -> f.concerns(needs)).toArray(Filter.OfRoom[]::new);
    refusedNode = new int[ofNode.length];
    refusedRoom = new int[ofRoom.length];
  }

  /** Whether a service wants tasks on {@code node} at all, whether or not it can take them now. */
  public static boolean select(Node node, TaskPolicy policy) {
    for (int i = 0; i < SELECTING.size(); i++) {
      if (!SELECTING.get(i).selects(node, policy)) {
        return false;
      }
    }
    return true;
  }

  /** The condition for which a service wants no tasks on {@code node}, as the user wrote it. */
  public static Optional<String> unmet(Node node, TaskPolicy policy) {
    return SELECTING.stream()
        .filter(filter -> !filter.selects(node, policy))
        .map(filter -> filter.unmet(node, policy))
        .findFirst();
  }

  /** Whether {@code node} could take a task of the service, as far as that is up to the node. */
  public static boolean couldTake(Node node, NodeTasks tasks, Service service) {
    Filters filters =
        new Filters(new Needs(service.id(), service.template().policy(), TaskNetworks.NONE));
    return filters.admit(node) && filters.admit(new Room(node, tasks.load(), service.id()));
  }

  /** Whether tasks may go to a node as it is; a refusal is counted. */
  public boolean admit(Node node) {
    int refusing = firstRefusing(node);
    if (refusing < 0) {
      return true;
    }
    refusedNode[refusing]++;
    return false;
  }

  private int firstRefusing(Node node) {
    for (int i = 0; i < ofNode.length; i++) {
      if (!ofNode[i].admits(node, needs)) {
        return i;
      }
    }
    return -1;
  }

  /** Whether there is room for one more task; a refusal is counted. */
  public boolean admit(Room room) {
    for (int i = 0; i < ofRoom.length; i++) {
      if (!ofRoom[i].admits(room, needs)) {
        refusedRoom[i]++;
        return false;
      }
    }
    return true;
  }

  /**
   * Why no node was left: each reason with the number of nodes that it held for.
   *
   * @param nodes those asked
   */
  public String explain(Collection<Node> nodes) {
    StringJoiner reasons = new StringJoiner("; ", "no suitable node (", ")");
    reasons.setEmptyValue("no suitable node (there are no nodes)");
    for (int i = 0; i < ofNode.length; i++) {
      int refusing = i;
      add(
          ofNode[i],
          refusedNode[i],
          () -> nodes.stream().filter(node -> firstRefusing(node) == refusing),
          reasons);
    }
    for (int i = 0; i < ofRoom.length; i++) {
      add(ofRoom[i], refusedRoom[i], Stream::empty, reasons);
    }
    return reasons.toString();
  }

  private void add(Filter filter, int refused, Supplier<Stream<Node>> which, StringJoiner reasons) {
    if (refused > 0) {
      reasons.add(filter.explain(refused, which, needs));
    }
  }
}
