package dev.swarm.core.model;

/**
 * Position of a task within its service: the number of a replica, or a node. Replicas come first,
 * in order of their number.
 */
public sealed interface Slot extends Comparable<Slot> {
  /**
   * One of the replicas of a service.
   *
   * @param number counted from 1, as users see it in {@code web.1}
   */
  record Replica(int number) implements Slot {
    @Override
    public int compareTo(Slot other) {
      return switch (other) {
        case Replica replica -> Integer.compare(number, replica.number);
        case OnNode ignored -> -1;
      };
    }

    @Override
    public String toString() {
      return Integer.toString(number);
    }
  }

  /** The one place a global service has on a node. */
  record OnNode(NodeId node) implements Slot {
    @Override
    public int compareTo(Slot other) {
      return switch (other) {
        case Replica ignored -> 1;
        case OnNode onNode -> node.compareTo(onNode.node);
      };
    }

    @Override
    public String toString() {
      return node.value();
    }
  }
}
