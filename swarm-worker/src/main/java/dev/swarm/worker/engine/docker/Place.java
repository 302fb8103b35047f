package dev.swarm.worker.engine.docker;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * A container's place on one of its engine's networks.
 *
 * @param network its name
 * @param address what the cluster gave; empty on the engine's own networks, which choose themselves
 * @param aliases further names by which others on the network find the container
 */
public record Place(String network, String address, List<String> aliases) {
  public Place {
    aliases = List.copyOf(aliases);
  }

  static Place local(String network) {
    return new Place(network, "", List.of());
  }

  boolean isLocal() {
    return address.isEmpty();
  }

  /** The endpoint as the engine is asked for it. */
  ObjectNode endpoint() {
    ObjectNode endpoint = EngineApi.JSON.createObjectNode();
    endpoint.putObject("IPAMConfig").put("IPv4Address", address);
    ContainerRequest.strings(endpoint, "Aliases", aliases);
    return endpoint;
  }
}
