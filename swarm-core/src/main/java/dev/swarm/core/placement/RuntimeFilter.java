package dev.swarm.core.placement;

import dev.swarm.core.model.Node;
import dev.swarm.core.spec.TaskPolicy;
import docker.swarmkit.v1.PluginDescription;

/**
 * Passes nodes that run the task's runtime. A stock engine names no runtimes and runs containers.
 */
final class RuntimeFilter implements Filter.OfNode {
  @Override
  public boolean concerns(Needs needs) {
    return true;
  }

  @Override
  public boolean admits(Node node, Needs needs) {
    String runtime = needs.policy().runtime();
    boolean says = false;
    for (PluginDescription plugin : node.description().getEngine().getPluginsList()) {
      if (plugin.getType().equals(Node.RUNTIME_PLUGIN)) {
        says = true;
        if (plugin.getName().equals(runtime)) {
          return true;
        }
      }
    }
    return !says && runtime.equals(TaskPolicy.CONTAINER);
  }

  @Override
  public String sentence() {
    return "runtime not available on %d node%s";
  }
}
