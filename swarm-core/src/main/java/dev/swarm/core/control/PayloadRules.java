package dev.swarm.core.control;

import dev.swarm.core.plan.Rejection;
import docker.swarmkit.v1.Annotations;
import docker.swarmkit.v1.Driver;
import java.util.Optional;

/** Rules that secrets and configs share. */
public final class PayloadRules {
  private static final int LABELS_BYTES_MAX = 64 << 10;
  private static final String GO_TEMPLATES = "golang";

  private PayloadRules() {}

  public static Optional<Rejection> annotations(String what, Annotations annotations) {
    return NameRules.fileName(what, annotations.getName()).or(() -> labels(what, annotations));
  }

  public static Optional<Rejection> labels(String what, Annotations annotations) {
    return Checks.size(annotations, LABELS_BYTES_MAX, "name and labels of the " + what);
  }

  /**
   * @param bytesLimit the first length that is too much, as the engine has it
   */
  public static Optional<Rejection> data(String what, int bytes, int bytesLimit) {
    return Checks.refuseIf(
        bytes < 1 || bytes >= bytesLimit,
        "%s data must be larger than 0 and less than %d bytes: this has %d"
            .formatted(what, bytesLimit, bytes));
  }

  public static Optional<Rejection> templating(String what, Driver driver) {
    return Checks.refuseIf(
        !driver.getName().isEmpty() && !driver.getName().equals(GO_TEMPLATES),
        "template driver '%s' of the %s is unknown: use golang".formatted(driver.getName(), what));
  }
}
