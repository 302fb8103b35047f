package dev.swarm.core.placement;

import dev.swarm.core.constraint.Constraint;
import dev.swarm.core.model.Node;
import docker.swarmkit.v1.Platform;

/** Passes nodes of a platform that the task's image is for, where its spec names some. */
final class PlatformFilter implements Filter.OfNode {
  @Override
  public boolean concerns(Needs needs) {
    return !needs.policy().platforms().isEmpty();
  }

  @Override
  public boolean admits(Node node, Needs needs) {
    Platform actual = node.description().getPlatform();
    return needs.policy().platforms().stream().anyMatch(wanted -> matches(actual, wanted));
  }

  private static boolean matches(Platform actual, Platform wanted) {
    return (wanted.getOs().isEmpty() || wanted.getOs().equalsIgnoreCase(actual.getOs()))
        && (wanted.getArchitecture().isEmpty()
            || Constraint.architecture(wanted.getArchitecture())
                .equals(Constraint.architecture(actual.getArchitecture())));
  }

  @Override
  public String sentence() {
    return "unsupported platform on %d node%s";
  }
}
