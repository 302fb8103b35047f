package dev.swarm.core.model;

import com.google.protobuf.ByteString;
import docker.swarmkit.v1.Annotations;
import docker.swarmkit.v1.ConfigSpec;
import docker.swarmkit.v1.Driver;
import java.util.Map;

/**
 * A small piece of configuration for tasks.
 *
 * @param object the state in wire form; its id and meta are not used, {@code meta} is
 */
public record Config(String id, Meta meta, docker.swarmkit.v1.Config object)
    implements Payload<Config> {
  /** As the spec asks for it, without an id. */
  public static Config of(ConfigSpec spec) {
    return new Config("", Meta.NONE, docker.swarmkit.v1.Config.newBuilder().setSpec(spec).build());
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
  public Config withId(String newId) {
    return new Config(newId, meta, object);
  }

  @Override
  public Config withMeta(Meta newMeta) {
    return new Config(id, newMeta, object);
  }

  @Override
  public Config withLabels(Map<String, String> labels) {
    docker.swarmkit.v1.Config.Builder changed = object.toBuilder();
    changed.getSpecBuilder().getAnnotationsBuilder().clearLabels().putAllLabels(labels);
    return new Config(id, meta, changed.build());
  }
}
