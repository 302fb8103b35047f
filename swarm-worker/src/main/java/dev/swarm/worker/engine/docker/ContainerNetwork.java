package dev.swarm.worker.engine.docker;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Attachment of a container to one of its engine's networks.
 *
 * @param network the name that the engine knows it by
 * @param predefined the engine has the network by itself
 * @param address what the cluster gave; empty on networks that every node has for itself, which
 *     choose themselves
 * @param aliases further names by which others on the network find the container
 */
public record ContainerNetwork(
    String network, boolean predefined, String address, List<String> aliases) {
  public ContainerNetwork {
    aliases = List.copyOf(aliases);
  }

  ContainerNetwork on(String otherNetwork) {
    return new ContainerNetwork(otherNetwork, predefined, address, aliases);
  }

  /** The endpoint as the engine is asked for it. */
  ObjectNode endpoint() {
    ObjectNode endpoint = EngineApi.JSON.createObjectNode();
    if (!address.isEmpty()) {
      endpoint.putObject("IPAMConfig").put("IPv4Address", address);
    }
    ContainerRequest.strings(endpoint, "Aliases", aliases);
    return endpoint;
  }
}
