package dev.swarm.worker.engine;

import java.util.Objects;

/**
 * The end of a task's program.
 *
 * @param failure empty if it ended well, else the error to show
 */
public record Exit(Unit unit, String failure) {
  public Exit {
    Objects.requireNonNull(unit, "unit");
    Objects.requireNonNull(failure, "failure");
  }

  public static Exit of(Unit unit, String cause) {
    int code = unit.container().getExitCode();
    if (code == 0 && cause.isEmpty()) {
      return new Exit(unit, "");
    }
    String text = "task: non-zero exit (" + code + ")";
    return new Exit(unit, cause.isEmpty() ? text : text + ": " + cause);
  }
}
