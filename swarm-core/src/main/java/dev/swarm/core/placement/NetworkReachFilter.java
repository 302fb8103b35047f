package dev.swarm.core.placement;

import dev.swarm.core.model.Node;

/** Passes nodes from which a task reaches the others on its networks. */
final class NetworkReachFilter implements Filter.OfNode {
  @Override
  public boolean concerns(Needs needs) {
    return needs.networks().spanNodes();
  }

  @Override
  public boolean admits(Node node, Needs needs) {
    return needs.networks().reach(node);
  }

  @Override
  public String sentence() {
    return "the task's networks do not reach %d node%s";
  }
}
