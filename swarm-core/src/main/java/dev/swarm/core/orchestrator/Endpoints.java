package dev.swarm.core.orchestrator;

import docker.swarmkit.v1.Endpoint;
import docker.swarmkit.v1.EndpointSpec;
import docker.swarmkit.v1.PortConfig;

/** Restores the published ports of a service that goes back to an earlier spec. */
final class Endpoints {
  private Endpoints() {}

  /** The ports of {@code spec}; those it left to be chosen keep the number they have now. */
  static Endpoint under(Endpoint current, EndpointSpec spec) {
    Endpoint.Builder endpoint = current.toBuilder().setSpec(spec).clearPorts();
    for (PortConfig port : spec.getPortsList()) {
      endpoint.addPorts(port.getPublishedPort() != 0 ? port : assigned(current, port));
    }
    return endpoint.build();
  }

  private static PortConfig assigned(Endpoint current, PortConfig wanted) {
    return current.getPortsList().stream()
        .filter(
            port ->
                port.getTargetPort() == wanted.getTargetPort()
                    && port.getProtocol() == wanted.getProtocol()
                    && port.getPublishMode() == wanted.getPublishMode())
        .findFirst()
        .orElse(wanted);
  }
}
