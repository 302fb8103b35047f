package dev.swarm.core.model;

/**
 * The cluster itself: its spec, certificate authority, join tokens and keys.
 *
 * @param object the state in wire form; its id and meta are not used, {@code meta} is
 */
public record Cluster(String id, Meta meta, docker.swarmkit.v1.Cluster object) {
  public String name() {
    return object.getSpec().getAnnotations().getName();
  }

  public Cluster withMeta(Meta newMeta) {
    return new Cluster(id, newMeta, object);
  }

  public Cluster withObject(docker.swarmkit.v1.Cluster newObject) {
    return new Cluster(id, meta, newObject);
  }
}
