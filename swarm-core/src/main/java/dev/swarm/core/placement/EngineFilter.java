package dev.swarm.core.placement;

import dev.swarm.core.model.Node;
import dev.swarm.core.spec.TaskPolicy;

/** Passes nodes whose engine answers, for tasks that are containers. */
final class EngineFilter implements Filter.OfNode {
  @Override
  public boolean concerns(Needs needs) {
    return needs.policy().runtime().equals(TaskPolicy.CONTAINER);
  }

  @Override
  public boolean admits(Node node, Needs needs) {
    return !node.lacksItsEngine();
  }

  @Override
  public String sentence() {
    return "the engine does not answer on %d node%s";
  }
}
