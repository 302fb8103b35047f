package dev.swarm.core.placement;

import dev.swarm.core.model.Node;
import docker.swarmkit.v1.EngineDescription;
import docker.swarmkit.v1.PluginDescription;
import java.util.List;

/** Passes nodes whose engine has the drivers that the task's volumes, log and networks need. */
final class PluginFilter implements Filter.OfNode {
  @Override
  public boolean concerns(Needs needs) {
    return !needs.policy().plugins().isEmpty() || !needs.networks().isEmpty();
  }

  @Override
  public boolean admits(Node node, Needs needs) {
    return hasAll(node.description().getEngine(), needs.policy().plugins())
        && needs.networks().canBeMadeOn(node)
        && (!needs.networks().spanNodes() || node.carriesOverlays() || node.carriesOverlaysAlone());
  }

  private static boolean hasAll(EngineDescription engine, List<PluginDescription> needed) {
    for (PluginDescription plugin : needed) {
      if (!has(engine, plugin)) {
        return false;
      }
    }
    return true;
  }

  // Volume plugins may carry a tag that specs omit.
  private static boolean has(EngineDescription engine, PluginDescription needed) {
    return engine.getPluginsList().stream()
        .anyMatch(
            has ->
                has.getType().equals(needed.getType())
                    && (has.getName().equals(needed.getName())
                        || has.getName().equals(needed.getName() + ":latest")));
  }

  @Override
  public String sentence() {
    return "missing plugin on %d node%s";
  }
}
