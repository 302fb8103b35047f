package dev.swarm.core.placement;

import dev.swarm.core.model.Node;
import dev.swarm.core.spec.TaskPolicy;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * One condition that a node must meet to be given a task. A new one is a class and a line in {@link
 * Filters}.
 */
public sealed interface Filter {
  /** Whether it has anything to ask for such tasks; asked once a pass, not once a node. */
  boolean concerns(Needs needs);

  /** What is told of nodes that do not meet it, with %d for their number and %s for a plural s. */
  String sentence();

  /**
   * The sentence about so many nodes.
   *
   * @param which those nodes, for a filter that has more to say of them
   */
  default String explain(int nodes, Supplier<Stream<Node>> which, Needs needs) {
    return String.format(Locale.ROOT, sentence(), nodes, nodes == 1 ? "" : "s");
  }

  /** Looks at what a node is, whatever tasks it has. */
  non-sealed interface OfNode extends Filter {
    boolean admits(Node node, Needs needs);
  }

  /** Looks at what a node has left; asked again whenever it has been given a task. */
  non-sealed interface OfRoom extends Filter {
    boolean admits(Room room, Needs needs);
  }

  /**
   * Says which nodes are meant at all: a task leaves one that no longer meets it, and a global
   * service wants none there. Where any other filter refuses, its task waits and says why.
   */
  interface Selecting extends OfNode {
    boolean selects(Node node, TaskPolicy policy);

    /** The condition that a node does not meet, as the user wrote it. */
    String unmet(Node node, TaskPolicy policy);

    @Override
    default boolean admits(Node node, Needs needs) {
      return selects(node, needs.policy());
    }
  }
}
