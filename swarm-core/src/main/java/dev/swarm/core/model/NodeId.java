package dev.swarm.core.model;

/** Identifies a node. Ordered by its text, so that decisions over several are made in one order. */
public record NodeId(String value) implements Comparable<NodeId> {
  /** No node: the id of something not yet known. */
  public static final NodeId NONE = new NodeId("");

  public boolean isNone() {
    return value.isEmpty();
  }

  @Override
  public int compareTo(NodeId other) {
    return value.compareTo(other.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode(); // cached by the string: these are the keys of the hottest maps
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NodeId id && id.value.equals(value);
  }

  @Override
  public String toString() {
    return value;
  }
}
