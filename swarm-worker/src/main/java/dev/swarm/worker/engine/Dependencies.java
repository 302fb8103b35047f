package dev.swarm.worker.engine;

import docker.swarmkit.v1.Config;
import docker.swarmkit.v1.Secret;
import java.util.Optional;

/** The secrets and configs that were assigned to this node. An immutable view. */
public interface Dependencies {
  /**
   * The secret {@code id} as {@code taskId} may see it: one made for the task alone comes first.
   */
  Optional<Secret> secret(String id, String taskId);

  Optional<Config> config(String id);
}
