package dev.swarm.core.model;

import com.google.protobuf.ByteString;
import docker.swarmkit.v1.Annotations;
import docker.swarmkit.v1.Driver;
import docker.swarmkit.v1.SecretSpec;
import java.util.Map;

/**
 * A small piece of confidential data, sent only to nodes that run a task which uses it.
 *
 * @param object the state in wire form; its id and meta are not used, {@code meta} is
 */
public record Secret(String id, Meta meta, docker.swarmkit.v1.Secret object)
    implements Payload<Secret> {
  /** As the spec asks for it, without an id. */
  public static Secret of(SecretSpec spec) {
    return new Secret("", Meta.NONE, docker.swarmkit.v1.Secret.newBuilder().setSpec(spec).build());
  }

  @Override
  public Annotations annotations() {
    return object.getSpec().getAnnotations();
  }

  @Override
  public Driver templating() {
    return object.getSpec().getTemplating();
  }

  @Override
  public ByteString data() {
    return object.getSpec().getData();
  }

  @Override
  public Secret withId(String newId) {
    return new Secret(newId, meta, object);
  }

  @Override
  public Secret withMeta(Meta newMeta) {
    return new Secret(id, newMeta, object);
  }

  @Override
  public Secret withLabels(Map<String, String> labels) {
    docker.swarmkit.v1.Secret.Builder changed = object.toBuilder();
    changed.getSpecBuilder().getAnnotationsBuilder().clearLabels().putAllLabels(labels);
    return new Secret(id, meta, changed.build());
  }
}
