package dev.swarm.core.model;

/**
 * A small piece of configuration for tasks.
 *
 * @param object the state in wire form; its id and meta are not used, {@code meta} is
 */
public record Config(String id, Meta meta, docker.swarmkit.v1.Config object) {
  public String name() {
    return object.getSpec().getAnnotations().getName();
  }

  public Config withMeta(Meta newMeta) {
    return new Config(id, newMeta, object);
  }

  public Config withObject(docker.swarmkit.v1.Config newObject) {
    return new Config(id, meta, newObject);
  }
}
