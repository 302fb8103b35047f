package dev.swarm.core.placement;

import dev.swarm.core.model.Node;
import dev.swarm.core.spec.TaskPolicy;

/** For containers: an engine that answers. */
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
