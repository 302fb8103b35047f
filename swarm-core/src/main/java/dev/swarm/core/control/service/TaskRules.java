package dev.swarm.core.control.service;

import dev.swarm.core.constraint.Constraint;
import dev.swarm.core.control.Checks;
import dev.swarm.core.control.NameRules;
import dev.swarm.core.control.Refuse;
import dev.swarm.core.plan.Rejection;
import docker.swarmkit.v1.DiscreteGenericResource;
import docker.swarmkit.v1.GenericResource;
import docker.swarmkit.v1.GenericRuntimeSpec;
import docker.swarmkit.v1.Placement;
import docker.swarmkit.v1.PlacementPreference;
import docker.swarmkit.v1.ResourceRequirements;
import docker.swarmkit.v1.Resources;
import docker.swarmkit.v1.RestartPolicy;
import docker.swarmkit.v1.TaskSpec;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Pattern;

/** Rules for a task spec. */
final class TaskRules {
  private static final long NANO_CPUS_MIN = 1_000_000;
  private static final long NANO_CPUS_MAX = 1_000_000_000_000_000L;
  private static final long MEMORY_BYTES_MIN = 4 << 20;
  private static final long MEMORY_BYTES_MAX = 1L << 50;
  private static final long ATTEMPTS_MAX = 1_000_000;
  private static final int CONSTRAINT_CHARS_MAX = 512;

  private static final long GENERIC_MAX = 1_000_000;
  private static final Pattern GENERIC_KIND = Pattern.compile("[\\w.-]{1,63}");

  private TaskRules() {}

  static Optional<Rejection> check(TaskSpec task) {
    return resources(task.getResources())
        .or(() -> restart(task.getRestart()))
        .or(() -> placement(task.getPlacement()))
        .or(() -> runtime(task));
  }

  private static Optional<Rejection> runtime(TaskSpec task) {
    return switch (task.getRuntimeCase()) {
      case CONTAINER -> ContainerRules.check(task.getContainer());
      case GENERIC -> generic(task.getGeneric());
      case ATTACHMENT ->
          Optional.of(
              Refuse.unimplemented(
                  "a service cannot attach a network to a container: run a container instead"));
      case RUNTIME_NOT_SET ->
          Checks.refuseIf(true, "the service's task does not say what to run: give it a container");
    };
  }

  private static Optional<Rejection> generic(GenericRuntimeSpec generic) {
    return NameRules.runtime(generic.getKind())
        .or(
            () ->
                Checks.refuseIf(
                    generic.getPayload().getTypeUrl().isEmpty(),
                    "runtime '" + generic.getKind() + "' needs a payload with a type"));
  }

  private static Optional<Rejection> resources(ResourceRequirements required) {
    Resources limits = required.getLimits();
    Resources reservations = required.getReservations();
    return amounts("limit", limits)
        .or(() -> amounts("reservation", reservations))
        .or(() -> within("cpu", limits.getNanoCpus(), reservations.getNanoCpus()))
        .or(() -> within("memory", limits.getMemoryBytes(), reservations.getMemoryBytes()))
        .or(
            () ->
                Checks.range(
                    required.getSwapBytes().getValue(), -1, MEMORY_BYTES_MAX, "memory-swap"))
        .or(
            () ->
                Checks.range(
                    required.getMemorySwappiness().getValue(), -1, 100, "memory-swappiness"));
  }

  private static Optional<Rejection> amounts(String what, Resources amounts) {
    long cpus = amounts.getNanoCpus();
    long memory = amounts.getMemoryBytes();
    return Checks.refuseIf(
            cpus != 0 && (cpus < NANO_CPUS_MIN || cpus > NANO_CPUS_MAX),
            "a cpu %s of %s is out of range: it must be from 0.001 to 1000000"
                .formatted(what, BigDecimal.valueOf(cpus, 9).stripTrailingZeros().toPlainString()))
        .or(
            () ->
                Checks.refuseIf(
                    memory != 0 && (memory < MEMORY_BYTES_MIN || memory > MEMORY_BYTES_MAX),
                    "a memory %s of %d bytes is out of range: it must be at least 4 MiB"
                        .formatted(what, memory)))
        .or(() -> Checks.each(amounts.getGenericList(), resource -> generic(what, resource)))
        .or(
            () ->
                Checks.distinct(
                    amounts.getGenericList().stream()
                        .map(resource -> resource.getDiscreteResourceSpec().getKind())
                        .toList(),
                    kind -> "generic resource '" + kind + "' is reserved twice"));
  }

  private static Optional<Rejection> generic(String what, GenericResource resource) {
    DiscreteGenericResource wanted = resource.getDiscreteResourceSpec();
    return Checks.refuseIf(
            what.equals("limit"), "generic resources have no limit: reserve them instead")
        .or(
            () ->
                Checks.refuseIf(
                    !resource.hasDiscreteResourceSpec(),
                    "generic resources are reserved by number: write KIND=NUMBER"))
        .or(
            () ->
                Checks.refuseIf(
                    !GENERIC_KIND.matcher(wanted.getKind()).matches(),
                    "'%s' is no kind of generic resource: use up to 63 letters, digits, '-', '_', '.'"
                        .formatted(wanted.getKind())))
        .or(
            () ->
                Checks.range(
                    wanted.getValue(),
                    1,
                    GENERIC_MAX,
                    "the number of generic resource '" + wanted.getKind() + "'"));
  }

  private static Optional<Rejection> within(String what, long limit, long reservation) {
    return Checks.refuseIf(
        limit != 0 && reservation > limit,
        "the %s limit is below the %s reservation: raise one or lower the other"
            .formatted(what, what));
  }

  private static Optional<Rejection> restart(RestartPolicy restart) {
    return Checks.duration(restart.getDelay(), "restart-delay")
        .or(() -> Checks.duration(restart.getWindow(), "restart-window"))
        .or(() -> Checks.range(restart.getMaxAttempts(), 0, ATTEMPTS_MAX, "restart-max-attempts"))
        .or(
            () ->
                Checks.refuseIf(
                    restart.getCondition() == RestartPolicy.RestartCondition.UNRECOGNIZED,
                    "restart-condition must be none, on-failure or any"));
  }

  private static Optional<Rejection> placement(Placement placement) {
    return Checks.each(placement.getConstraintsList(), TaskRules::constraint)
        .or(() -> Checks.each(placement.getPreferencesList(), TaskRules::preference))
        .or(
            () ->
                Checks.range(
                    placement.getMaxReplicas(),
                    0,
                    ServiceRules.REPLICAS_MAX,
                    "max replicas per node"));
  }

  private static Optional<Rejection> constraint(String text) {
    if (text.length() > CONSTRAINT_CHARS_MAX || text.chars().anyMatch(Character::isISOControl)) {
      return Checks.refuseIf( // so that reading the rest takes no time to speak of
          true,
          "a constraint is one line of at most %d characters".formatted(CONSTRAINT_CHARS_MAX));
    }
    try {
      Constraint.parse(text);
      return Checks.OK;
    } catch (Constraint.MalformedConstraintException e) {
      return Checks.refuseIf(true, String.valueOf(e.getMessage()));
    }
  }

  private static Optional<Rejection> preference(PlacementPreference preference) {
    String over = preference.getSpread().getSpreadDescriptor();
    return Checks.refuseIf(
        over.length() > CONSTRAINT_CHARS_MAX || over.chars().anyMatch(Character::isISOControl),
        "a placement preference is one line of at most %d characters"
            .formatted(CONSTRAINT_CHARS_MAX));
  }
}
