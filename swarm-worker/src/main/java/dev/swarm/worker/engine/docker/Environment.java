package dev.swarm.worker.engine.docker;

import docker.swarmkit.v1.GenericResource;
import docker.swarmkit.v1.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/** The environment of a container: the spec's, and which generic resources the task was given. */
final class Environment {
  private Environment() {}

  static List<String> of(Task task) {
    TreeMap<String, List<String>> given = new TreeMap<>();
    for (GenericResource resource : task.getAssignedGenericResourcesList()) {
      switch (resource.getResourceCase()) {
        case NAMED_RESOURCE_SPEC ->
            given
                .computeIfAbsent(
                    resource.getNamedResourceSpec().getKind(), kind -> new ArrayList<>())
                .add(resource.getNamedResourceSpec().getValue());
        case DISCRETE_RESOURCE_SPEC ->
            given
                .computeIfAbsent(
                    resource.getDiscreteResourceSpec().getKind(), kind -> new ArrayList<>())
                .add(Long.toString(resource.getDiscreteResourceSpec().getValue()));
        case RESOURCE_NOT_SET -> {}
      }
    }
    List<String> env = new ArrayList<>(task.getSpec().getContainer().getEnvList());
    given.forEach(
        (kind, values) ->
            env.add(
                ("DOCKER_RESOURCE_" + kind).toUpperCase(Locale.ROOT)
                    + "="
                    + String.join(",", values)));
    return env;
  }
}
