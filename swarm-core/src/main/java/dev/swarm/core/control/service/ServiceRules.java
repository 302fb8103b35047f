package dev.swarm.core.control.service;

import dev.swarm.core.control.Checks;
import dev.swarm.core.control.NameRules;
import dev.swarm.core.plan.Rejection;
import docker.swarmkit.v1.EndpointSpec;
import docker.swarmkit.v1.PortConfig;
import docker.swarmkit.v1.ServiceSpec;
import docker.swarmkit.v1.UpdateConfig;
import java.util.List;
import java.util.Optional;

/** Rules for a service spec by itself, whatever else is in the cluster. */
final class ServiceRules {
  /** A stored service holds its spec and the previous one, and must fit into one log entry. */
  static final int SPEC_BYTES_MAX = 500 << 10;

  static final long REPLICAS_MAX = 1_000_000;
  private static final int PORT_MAX = 65_535;

  private ServiceRules() {}

  static Optional<Rejection> check(boolean present, ServiceSpec spec) {
    return Checks.refuseIf(!present, "the spec of the service is missing")
        .or(() -> Checks.size(spec, SPEC_BYTES_MAX, "spec of the service"))
        .or(() -> NameRules.dnsLabel("service", spec.getAnnotations().getName()))
        .or(() -> mode(spec))
        .or(() -> TaskRules.check(spec.getTask()))
        .or(() -> ContainerRules.templates(spec.getTask().getContainer(), spec.getAnnotations()))
        .or(() -> update("update", spec.getUpdate()))
        .or(() -> update("rollback", spec.getRollback()))
        .or(() -> endpoint(spec.getEndpoint()))
        .or(() -> ProcessRules.check(spec));
  }

  private static Optional<Rejection> mode(ServiceSpec spec) {
    return switch (spec.getModeCase()) {
      case REPLICATED ->
          Checks.range(
              spec.getReplicated().getReplicas(), 0, REPLICAS_MAX, "the number of replicas");
      case GLOBAL, MODE_NOT_SET -> Checks.OK;
      case REPLICATED_JOB ->
          Checks.range(
                  spec.getReplicatedJob().getMaxConcurrent(),
                  0,
                  REPLICAS_MAX,
                  "the number of concurrent tasks of a job")
              .or(
                  () ->
                      Checks.range(
                          spec.getReplicatedJob().getTotalCompletions(),
                          0,
                          REPLICAS_MAX,
                          "the number of completions of a job"))
              .or(() -> job(spec));
      case GLOBAL_JOB -> job(spec);
    };
  }

  private static Optional<Rejection> job(ServiceSpec spec) {
    return Checks.refuseIf(
        spec.hasUpdate() || spec.hasRollback(),
        "jobs may not have an update config: an update of a job runs it again as a whole");
  }

  private static Optional<Rejection> update(String what, UpdateConfig config) {
    return Checks.duration(config.getDelay(), what + "-delay")
        .or(() -> Checks.duration(config.getMonitor(), what + "-monitor"))
        .or(() -> Checks.range(config.getParallelism(), 0, REPLICAS_MAX, what + "-parallelism"))
        .or(
            () ->
                Checks.refuseIf(
                    !(config.getMaxFailureRatio() >= 0 && config.getMaxFailureRatio() <= 1),
                    what + "-max-failure-ratio must be from 0 to 1"))
        .or(
            () ->
                Checks.refuseIf(
                    config.getFailureAction() == UpdateConfig.FailureAction.UNRECOGNIZED,
                    what + "-failure-action must be pause, continue or rollback"))
        .or(
            () ->
                Checks.refuseIf(
                    config.getOrder() == UpdateConfig.UpdateOrder.UNRECOGNIZED,
                    what + "-order must be stop-first or start-first"));
  }

  private static Optional<Rejection> endpoint(EndpointSpec endpoint) {
    return Checks.refuseIf(
            endpoint.getMode() == EndpointSpec.ResolutionMode.UNRECOGNIZED,
            "endpoint-mode must be vip or dnsrr")
        .or(() -> Checks.each(endpoint.getPortsList(), port -> port(endpoint, port)))
        .or(() -> distinctPorts(endpoint.getPortsList()));
  }

  private static Optional<Rejection> port(EndpointSpec endpoint, PortConfig port) {
    long target = Integer.toUnsignedLong(port.getTargetPort());
    long published = Integer.toUnsignedLong(port.getPublishedPort());
    return Checks.range(target, 1, PORT_MAX, "a target port")
        .or(() -> Checks.range(published, 0, PORT_MAX, "a published port"))
        .or(
            () ->
                Checks.refuseIf(
                    port.getProtocol() == PortConfig.Protocol.UNRECOGNIZED,
                    "the protocol of a port must be tcp, udp or sctp"))
        .or(
            () ->
                Checks.refuseIf(
                    port.getPublishMode() == PortConfig.PublishMode.UNRECOGNIZED,
                    "a port is published in mode ingress or host"))
        .or(
            () ->
                Checks.refuseIf(
                    endpoint.getMode() == EndpointSpec.ResolutionMode.DNSRR
                        && port.getPublishMode() == PortConfig.PublishMode.INGRESS,
                    "a port of a service in endpoint-mode dnsrr must be published in mode host"));
  }

  private static Optional<Rejection> distinctPorts(List<PortConfig> ports) {
    return Checks.distinct(
        ports.stream()
            .filter(port -> port.getPublishedPort() != 0)
            .map(PublishedPorts::hostPort)
            .toList(),
        port -> "port " + port + " is published twice");
  }
}
