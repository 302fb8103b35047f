package dev.swarm.core.model;

/**
 * A network that spans nodes.
 *
 * @param object the state in wire form; its id and meta are not used, {@code meta} is
 */
public record Network(String id, Meta meta, docker.swarmkit.v1.Network object) {
  public static final String PREDEFINED_LABEL = "com.docker.swarm.predefined";

  public String name() {
    return object.getSpec().getAnnotations().getName();
  }

  public boolean isIngress() {
    return object.getSpec().getIngress();
  }

  /** Whether every engine has it by itself, and it is here only so that services can name it. */
  public boolean isPredefined() {
    return object
        .getSpec()
        .getAnnotations()
        .getLabelsOrDefault(PREDEFINED_LABEL, "")
        .equals("true");
  }

  /** Whether its addresses are given out here; otherwise every node has it for itself. */
  public boolean spansNodes() {
    return object.getDriverState().getName().equals("overlay");
  }

  /** Whether {@code target}, from a spec, is this network's id or name. */
  public boolean isNamedBy(String target) {
    return target.equals(id) || target.equalsIgnoreCase(name());
  }

  public Network withMeta(Meta newMeta) {
    return new Network(id, newMeta, object);
  }

  public Network withObject(docker.swarmkit.v1.Network newObject) {
    return new Network(id, meta, newObject);
  }
}
