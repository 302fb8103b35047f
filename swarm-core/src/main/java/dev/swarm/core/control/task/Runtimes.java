package dev.swarm.core.control.task;

import docker.swarmkit.v1.TaskSpec;
import java.util.Locale;

/** Names of task runtimes, as filters use them. */
public final class Runtimes {
  private Runtimes() {}

  public static String name(TaskSpec spec) {
    return switch (spec.getRuntimeCase()) {
      case CONTAINER -> "container";
      case ATTACHMENT -> "attachment";
      case GENERIC -> spec.getGeneric().getKind().toLowerCase(Locale.ROOT);
      case RUNTIME_NOT_SET -> "";
    };
  }
}
