package dev.swarm.core.placement;

import dev.swarm.core.model.Node;

/** Passes nodes that are ready and take new tasks. */
final class ReadyFilter implements Filter.OfNode {
  @Override
  public boolean concerns(Needs needs) {
    return true;
  }

  @Override
  public boolean admits(Node node, Needs needs) {
    return node.isReady() && node.isActive();
  }

  @Override
  public String sentence() {
    return "%d node%s not available for new tasks";
  }
}
