package dev.swarm.core.model;

/**
 * A small piece of confidential data, sent only to nodes that run a task which uses it.
 *
 * @param object the state in wire form; its id and meta are not used, {@code meta} is
 */
public record Secret(String id, Meta meta, docker.swarmkit.v1.Secret object) {
  public String name() {
    return object.getSpec().getAnnotations().getName();
  }

  public Secret withMeta(Meta newMeta) {
    return new Secret(id, newMeta, object);
  }

  public Secret withObject(docker.swarmkit.v1.Secret newObject) {
    return new Secret(id, meta, newObject);
  }
}
