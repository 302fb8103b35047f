package dev.swarm.worker.engine;

import dev.swarm.core.model.Node;
import docker.swarmkit.v1.EngineDescription;
import docker.swarmkit.v1.Platform;
import docker.swarmkit.v1.Resources;
import java.util.Objects;

/**
 * An engine's part of a node's description.
 *
 * @param engine version, labels and plugins; a plugin of type {@link #RUNTIME} names a runtime that
 *     the node can run. A node that names none runs containers only.
 */
public record EngineOffer(Platform platform, Resources resources, EngineDescription engine) {
  /** The plugin type under which runtimes are advertised. */
  public static final String RUNTIME = Node.RUNTIME_PLUGIN;

  public EngineOffer {
    Objects.requireNonNull(platform, "platform");
    Objects.requireNonNull(resources, "resources");
    Objects.requireNonNull(engine, "engine");
  }

  /** The same node while the engine that had this to offer does not answer. */
  public EngineOffer away() {
    EngineDescription.Builder less = engine.toBuilder().clearPlugins();
    less.addPluginsBuilder().setType(RUNTIME).setName(Node.ENGINE_AWAY);
    engine.getPluginsList().stream()
        .filter(plugin -> !plugin.getType().equals(RUNTIME))
        .forEach(less::addPlugins);
    return new EngineOffer(platform, resources, less.build());
  }
}
