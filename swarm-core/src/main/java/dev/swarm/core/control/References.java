package dev.swarm.core.control;

import dev.swarm.core.model.Config;
import dev.swarm.core.model.Network;
import dev.swarm.core.model.Secret;
import dev.swarm.core.model.Service;
import dev.swarm.core.plan.Rejection;
import dev.swarm.core.store.Snapshot;
import docker.swarmkit.v1.NetworkAttachmentConfig;
import docker.swarmkit.v1.ServiceSpec;
import docker.swarmkit.v1.TaskSpec;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Checks the secrets, configs and networks that a spec refers to. */
public final class References {
  /** Networks that every engine has by itself. */
  private static final Set<String> PREDEFINED = Set.of("host", "bridge", "none");

  private static final int USERS_NAMED_MAX = 10;

  private References() {}

  /** Everything a service uses must be there. */
  public static Optional<Rejection> check(ServiceSpec spec, Snapshot snapshot) {
    return secrets(spec.getTask(), snapshot)
        .or(() -> configs(spec.getTask(), snapshot))
        .or(() -> Checks.each(networks(spec).toList(), target -> network(target, snapshot)));
  }

  private static Optional<Rejection> secrets(TaskSpec task, Snapshot snapshot) {
    return missing(
        "secret",
        task.getContainer().getSecretsList().stream()
            .filter(
                r ->
                    !named(
                        snapshot.secrets().find(r.getSecretId()).map(Secret::name),
                        r.getSecretName()))
            .map(r -> r.getSecretName())
            .toList());
  }

  private static Optional<Rejection> configs(TaskSpec task, Snapshot snapshot) {
    return missing(
        "config",
        task.getContainer().getConfigsList().stream()
            .filter(
                r ->
                    !named(
                        snapshot.configs().find(r.getConfigId()).map(Config::name),
                        r.getConfigName()))
            .map(r -> r.getConfigName())
            .toList());
  }

  private static boolean named(Optional<String> found, String wanted) {
    return found.isPresent() && found.get().equals(wanted);
  }

  private static Optional<Rejection> missing(String what, List<String> names) {
    return Checks.refuseIf(
        !names.isEmpty(),
        "%s not found: %s: create it first"
            .formatted(names.size() == 1 ? what : what + "s", String.join(", ", names)));
  }

  private static Optional<Rejection> network(String target, Snapshot snapshot) {
    Optional<Network> found = Networks.find(target, snapshot);
    if (found.isPresent()) {
      return Checks.refuseIf(
          found.get().object().getSpec().getIngress(),
          "a service cannot be attached to the ingress network '%s': publish a port instead"
              .formatted(found.get().name()));
    }
    return Checks.refuseIf(
        !PREDEFINED.contains(target), "network '" + target + "' not found: create it first");
  }

  /** Targets of a spec's networks, the deprecated ones of the service included. */
  public static Stream<String> networks(ServiceSpec spec) {
    @SuppressWarnings("deprecation") // older clients still send them there
    List<NetworkAttachmentConfig> older = spec.getNetworksList();
    return Stream.concat(spec.getTask().getNetworksList().stream(), older.stream())
        .map(NetworkAttachmentConfig::getTarget);
  }

  public static boolean usesSecret(ServiceSpec spec, String id) {
    return spec.getTask().getContainer().getSecretsList().stream()
        .anyMatch(reference -> reference.getSecretId().equals(id));
  }

  public static boolean usesConfig(ServiceSpec spec, String id) {
    return spec.getTask().getContainer().getConfigsList().stream()
        .anyMatch(reference -> reference.getConfigId().equals(id));
  }

  /** Why something cannot be removed: services use it, and which ones. */
  public static Optional<String> inUse(
      String what, String name, Snapshot snapshot, Predicate<ServiceSpec> uses) {
    List<String> users =
        snapshot.services().stream()
            .filter(service -> uses.test(service.spec()))
            .map(Service::name)
            .sorted()
            .toList();
    return users.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "%s '%s' is in use by the following %s: %s"
                .formatted(
                    what,
                    name,
                    users.size() == 1 ? "service" : "services",
                    users.stream().limit(USERS_NAMED_MAX).collect(Collectors.joining(", "))));
  }
}
