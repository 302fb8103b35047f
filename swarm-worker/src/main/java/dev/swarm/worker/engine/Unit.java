package dev.swarm.worker.engine;

import docker.swarmkit.v1.ContainerStatus;
import docker.swarmkit.v1.PortConfig;
import java.util.List;
import java.util.Objects;

/**
 * Counterpart of a task in its engine, such as a container.
 *
 * @param ports the host-published ports with the numbers they really got
 */
public record Unit(ContainerStatus container, List<PortConfig> ports) {
  public static final Unit NONE = new Unit(ContainerStatus.getDefaultInstance(), List.of());

  public Unit {
    Objects.requireNonNull(container, "container");
    ports = List.copyOf(ports);
  }
}
