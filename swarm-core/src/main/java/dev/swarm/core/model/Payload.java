package dev.swarm.core.model;

import com.google.protobuf.ByteString;
import docker.swarmkit.v1.Annotations;
import docker.swarmkit.v1.Driver;
import java.util.Map;

/** A small piece of data for tasks: a secret or a config, which are decided about alike. */
public sealed interface Payload<T extends Payload<T>> permits Secret, Config {
  String id();

  Meta meta();

  Annotations annotations();

  Driver templating();

  ByteString data();

  T withId(String newId);

  T withMeta(Meta newMeta);

  /** With these labels in place of its own; nothing else of a payload ever changes. */
  T withLabels(Map<String, String> labels);

  default String name() {
    return annotations().getName();
  }
}
