package dev.swarm.core.control.service;

import dev.swarm.core.control.Checks;
import dev.swarm.core.control.References;
import dev.swarm.core.plan.Rejection;
import docker.swarmkit.v1.PortConfig;
import docker.swarmkit.v1.ResourceRequirements;
import docker.swarmkit.v1.Resources;
import docker.swarmkit.v1.ServiceSpec;
import docker.swarmkit.v1.TaskSpec;
import java.util.Optional;

/**
 * Rules for services of plain processes: refuses what takes a container, since nothing stands
 * between a process and its node that could forward ports, make networks or keep limits.
 */
final class ProcessRules {
  private static final String KIND = "process";

  private ProcessRules() {}

  static Optional<Rejection> check(ServiceSpec spec) {
    TaskSpec task = spec.getTask();
    if (!task.hasGeneric() || !task.getGeneric().getKind().equalsIgnoreCase(KIND)) {
      return Checks.OK;
    }
    return Checks.refuseIf(
            References.networks(spec).findAny().isPresent(),
            "a process has no networks of its own: it uses its node's")
        .or(() -> limits(task.getResources()))
        .or(
            () ->
                Checks.refuseIf(
                    task.hasLogDriver(),
                    "the output of a process is kept by its node, no log driver gets it"))
        .or(() -> Checks.each(spec.getEndpoint().getPortsList(), ProcessRules::port));
  }

  private static Optional<Rejection> limits(ResourceRequirements required) {
    Resources limits = required.getLimits();
    return Checks.refuseIf(
        limits.getNanoCpus() != 0
            || limits.getMemoryBytes() != 0
            || required.hasSwapBytes()
            || required.hasMemorySwappiness(),
        "a process is not limited by its node: reserve what it needs, or run a container");
  }

  /** The program itself listens; what is published says where, so that a node has one such task. */
  private static Optional<Rejection> port(PortConfig port) {
    return Checks.refuseIf(
        port.getPublishMode() != PortConfig.PublishMode.HOST
            || port.getPublishedPort() != port.getTargetPort(),
        "no port is forwarded to a process, it listens on its node itself: publish"
            + " mode=host,target=%1$s,published=%1$s to have a node run one task of that port"
                .formatted(Integer.toUnsignedString(port.getTargetPort())));
  }
}
