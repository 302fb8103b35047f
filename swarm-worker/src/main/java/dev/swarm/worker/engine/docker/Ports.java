package dev.swarm.worker.engine.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import docker.swarmkit.v1.PortConfig;
import docker.swarmkit.v1.PortConfig.PublishMode;
import docker.swarmkit.v1.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Published ports. Ingress ports are bound on the host like host-mode ones for as long as there is
 * no mesh that would carry them.
 */
final class Ports {
  private static final int PORT_MAX = 65_535;

  private Ports() {}

  static void publish(Task task, ObjectNode body, ObjectNode host) {
    List<PortConfig> ports =
        task.getEndpoint().getPortsList().stream()
            .filter(port -> port.getTargetPort() > 0 && port.getTargetPort() <= PORT_MAX)
            .toList();
    if (ports.isEmpty()) {
      return;
    }
    ObjectNode exposed = body.putObject("ExposedPorts");
    ObjectNode bindings = host.putObject("PortBindings");
    for (PortConfig port : ports) {
      exposed.putObject(key(port));
      // One port of the container may be published more than once.
      bindings
          .withArray("/" + key(port).replace("/", "~1"))
          .addObject()
          .put(
              "HostPort",
              port.getPublishedPort() == 0 ? "" : Integer.toString(port.getPublishedPort()));
    }
  }

  /** The host-mode ports with the numbers that the engine really gave them. */
  static List<PortConfig> published(Task task, JsonNode inspected) {
    JsonNode bound = inspected.path("NetworkSettings").path("Ports");
    List<PortConfig> result = new ArrayList<>();
    for (PortConfig port : task.getEndpoint().getPortsList()) {
      if (port.getPublishMode() != PublishMode.HOST) {
        continue;
      }
      int number = port.getPublishedPort();
      if (number == 0) {
        number = bound.path(key(port)).path(0).path("HostPort").asInt();
      }
      if (number != 0) {
        result.add(port.toBuilder().setPublishedPort(number).build());
      }
    }
    return result;
  }

  private static String key(PortConfig port) {
    String protocol =
        port.getProtocol() == PortConfig.Protocol.UNRECOGNIZED ? "tcp" : port.getProtocol().name();
    return port.getTargetPort() + "/" + protocol.toLowerCase(Locale.ROOT);
  }
}
