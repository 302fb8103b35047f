package dev.swarm.core.control;

import docker.swarmkit.v1.TaskSpec;
import java.util.Locale;

/** What filters call the runtime of a task spec. */
final class Runtimes {
  private Runtimes() {}

  static String name(TaskSpec spec) {
    return switch (spec.getRuntimeCase()) {
      case CONTAINER -> "container";
      case ATTACHMENT -> "attachment";
      case GENERIC -> spec.getGeneric().getKind().toLowerCase(Locale.ROOT);
      case RUNTIME_NOT_SET -> "";
    };
  }
}
