package dev.swarm.cli.sim;

import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.Task;
import dev.swarm.core.store.Snapshot;
import docker.swarmkit.v1.PortConfig;
import docker.swarmkit.v1.Resources;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What tasks reserve fits their node, and a port of a node has one owner. Counted from scratch. */
final class RoomLaw implements Laws.Law {
  private final World world;

  RoomLaw(World world) {
    this.world = world;
  }

  private record Taken(NodeId node, int port, PortConfig.Protocol protocol) {}

  @Override
  public void check(Snapshot before, Snapshot after) {
    Map<NodeId, long[]> reserved = new HashMap<>();
    Set<Taken> ports = new HashSet<>();
    for (Task task : after.tasks().values()) {
      if (!holdsRoom(task)) {
        continue;
      }
      Resources wants = task.template().spec().getResources().getReservations();
      long[] sum = reserved.computeIfAbsent(task.node(), node -> new long[2]);
      sum[0] += wants.getNanoCpus();
      sum[1] += wants.getMemoryBytes();
      for (PortConfig port : task.template().endpoint().getPortsList()) {
        if (port.getPublishedPort() != 0
            && !ports.add(new Taken(task.node(), port.getPublishedPort(), port.getProtocol()))) {
          world.broken(
              "port %d of node %s is given away twice"
                  .formatted(port.getPublishedPort(), task.node()));
        }
      }
    }
    reserved.forEach(
        (id, sum) -> {
          Node node = after.nodes().get(id);
          Resources has = node == null ? Resources.getDefaultInstance() : resources(node);
          if (node != null && (sum[0] > has.getNanoCpus() || sum[1] > has.getMemoryBytes())) {
            world.broken(
                "tasks reserve %d nanoCpus and %d bytes on node %s, which has %d and %d"
                    .formatted(sum[0], sum[1], id, has.getNanoCpus(), has.getMemoryBytes()));
          }
        });
  }

  static boolean holdsRoom(Task task) {
    return !task.node().isNone() && task.state().number() >= 192 && task.state().number() <= 512;
  }

  private static Resources resources(Node node) {
    return node.description().getResources();
  }
}
