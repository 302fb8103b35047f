package dev.swarm.core.control.service;

import dev.swarm.core.control.Checks;
import dev.swarm.core.control.Refuse;
import dev.swarm.core.docker.ImageReference;
import dev.swarm.core.plan.Rejection;
import dev.swarm.core.template.TaskContext;
import dev.swarm.core.template.TemplateError;
import docker.swarmkit.v1.Annotations;
import docker.swarmkit.v1.ConfigReference;
import docker.swarmkit.v1.ContainerSpec;
import docker.swarmkit.v1.HealthConfig;
import docker.swarmkit.v1.Mount;
import docker.swarmkit.v1.SecretReference;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** Rules for a container spec. */
final class ContainerRules {
  private static final Duration HEALTH_DURATION_MIN = Duration.ofMillis(1);
  private static final Pattern ABSOLUTE = Pattern.compile("(?s)/.*|[a-zA-Z]:[\\\\/].*|\\\\\\\\.*");

  private ContainerRules() {}

  static Optional<Rejection> check(ContainerSpec container) {
    return ImageReference.flaw(container.getImage())
        .map(Refuse::invalid)
        .or(() -> Checks.duration(container.getStopGracePeriod(), "stop-grace-period"))
        .or(() -> Checks.each(container.getEnvList(), ContainerRules::env))
        .or(() -> Checks.each(container.getMountsList(), ContainerRules::mount))
        .or(() -> distinctMounts(container))
        .or(() -> health(container.getHealthcheck()))
        .or(() -> secrets(container))
        .or(() -> configs(container))
        .or(() -> credentialSpec(container));
  }

  /** Whether the spec's templates can be rendered for a task of {@code service}. */
  static Optional<Rejection> templates(ContainerSpec container, Annotations service) {
    try {
      TaskContext.sample(service).expand(container);
      return Checks.OK;
    } catch (TemplateError e) {
      return Checks.refuseIf(true, String.valueOf(e.getMessage()));
    }
  }

  private static Optional<Rejection> env(String entry) {
    return Checks.refuseIf(
        entry.isEmpty() || entry.startsWith("="),
        "environment entry '" + entry + "' has no name: write NAME=value");
  }

  private static Optional<Rejection> mount(Mount mount) {
    String target = mount.getTarget();
    return Checks.refuseIf(target.isEmpty(), "a mount needs a target")
        .or(
            () -> // a template shows what it is only on the node
            Checks.refuseIf(
                    !target.contains("{{") && !ABSOLUTE.matcher(target).matches(),
                    "mount target '" + target + "' must be an absolute path"))
        .or(() -> source(mount));
  }

  private static Optional<Rejection> source(Mount mount) {
    return switch (mount.getType()) {
      case BIND, NPIPE ->
          Checks.refuseIf(
              mount.getSource().isEmpty(),
              "the mount at '" + mount.getTarget() + "' needs a source");
      case VOLUME -> Checks.OK;
      case TMPFS ->
          Checks.refuseIf(
              !mount.getSource().isEmpty(),
              "the tmpfs mount at '" + mount.getTarget() + "' cannot have a source");
      case CLUSTER ->
          Optional.of(Refuse.unimplemented("cluster volumes are not available yet: use a volume"));
      case UNRECOGNIZED ->
          Checks.refuseIf(true, "a mount must be of type bind, volume, tmpfs or npipe");
    };
  }

  private static Optional<Rejection> distinctMounts(ContainerSpec container) {
    return Checks.distinct(
        container.getMountsList().stream().map(Mount::getTarget).toList(),
        target -> "two mounts have the target '" + target + "'");
  }

  private static Optional<Rejection> health(HealthConfig health) {
    return period(health.getInterval(), "health-interval")
        .or(() -> period(health.getTimeout(), "health-timeout"))
        .or(() -> period(health.getStartPeriod(), "health-start-period"))
        .or(() -> period(health.getStartInterval(), "health-start-interval"))
        .or(() -> Checks.refuseIf(health.getRetries() < 0, "health-retries cannot be negative"));
  }

  private static Optional<Rejection> period(com.google.protobuf.Duration period, String what) {
    return Checks.durationAtLeast(period, HEALTH_DURATION_MIN, "1ms", what);
  }

  private static Optional<Rejection> secrets(ContainerSpec container) {
    return Checks.each(container.getSecretsList(), ContainerRules::secret)
        .or(
            () ->
                Checks.distinct(
                    container.getSecretsList().stream().map(s -> s.getFile().getName()).toList(),
                    target -> "two secrets have the target '" + target + "'"));
  }

  private static Optional<Rejection> secret(SecretReference secret) {
    return reference(
        "secret",
        secret.getSecretId(),
        secret.getSecretName(),
        secret.hasFile() && !secret.getFile().getName().isEmpty());
  }

  private static Optional<Rejection> configs(ContainerSpec container) {
    return Checks.each(container.getConfigsList(), ContainerRules::config)
        .or(
            () ->
                Checks.distinct(
                    container.getConfigsList().stream()
                        .filter(ConfigReference::hasFile)
                        .map(c -> c.getFile().getName())
                        .toList(),
                    target -> "two configs have the target '" + target + "'"));
  }

  private static Optional<Rejection> config(ConfigReference config) {
    return reference(
        "config",
        config.getConfigId(),
        config.getConfigName(),
        config.hasRuntime() || (config.hasFile() && !config.getFile().getName().isEmpty()));
  }

  private static Optional<Rejection> reference(
      String what, String id, String name, boolean target) {
    return Checks.refuseIf(
            id.isEmpty() || name.isEmpty(), "a " + what + " is named by its id and its name")
        .or(() -> Checks.refuseIf(!target, "%s '%s' needs a target".formatted(what, name)));
  }

  private static Optional<Rejection> credentialSpec(ContainerSpec container) {
    String config = container.getPrivileges().getCredentialSpec().getConfig();
    return Checks.refuseIf(
        !config.isEmpty()
            && container.getConfigsList().stream()
                .noneMatch(c -> c.hasRuntime() && c.getConfigId().equals(config)),
        "the credential spec uses config '%s': reference it with a runtime target"
            .formatted(config));
  }
}
