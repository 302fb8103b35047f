package dev.swarm.core.placement;

import dev.swarm.core.model.Node;

/** Passes nodes that have let go of removed networks which would clash with the task's. */
final class NetworkHeldFilter implements Filter.OfNode {
  @Override
  public boolean concerns(Needs needs) {
    return !needs.networks().isEmpty();
  }

  @Override
  public boolean admits(Node node, Needs needs) {
    return !needs.networks().isHeldBack(node);
  }

  @Override
  public String sentence() {
    return "a removed network whose tasks have not stopped yet is in the way on %d node%s";
  }
}
