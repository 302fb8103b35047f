package dev.swarm.core.kernel;

import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.ServiceId;
import dev.swarm.core.network.Ipv4;
import dev.swarm.core.network.NetworkEndpoint;
import dev.swarm.core.network.NetworkNode;
import dev.swarm.core.network.NetworkService;
import dev.swarm.core.network.NetworkState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Participants of a network as one of its nodes sees them, in a fixed order. */
record NetworkMembers(
    NetworkState state,
    NodeId self,
    List<NetworkEndpoint> endpoints,
    List<NetworkNode> others,
    List<NetworkService> services,
    Optional<Ipv4> own) {

  static NetworkMembers of(NetworkState state, NodeId self) {
    List<NetworkEndpoint> endpoints = new ArrayList<>(state.endpoints().values());
    endpoints.sort(
        Comparator.comparing(NetworkEndpoint::address).thenComparing(NetworkEndpoint::task));
    List<NetworkNode> others = new ArrayList<>(state.nodes().values());
    others.removeIf(node -> node.id().equals(self));
    others.sort(Comparator.comparing(NetworkNode::id));
    Optional<Ipv4> own = state.nodes().find(self).flatMap(NetworkNode::address);
    List<NetworkService> services = new ArrayList<>(state.services().values());
    services.sort(Comparator.comparing(NetworkService::id));
    return new NetworkMembers(state, self, endpoints, others, services, own);
  }

  boolean isHere(NetworkEndpoint endpoint) {
    return endpoint.node().equals(self);
  }

  /** The node of one that is elsewhere, where it is known. */
  Optional<NetworkNode> nodeOf(NetworkEndpoint endpoint) {
    return state.nodes().find(endpoint.node());
  }

  /** The addresses that serve for each service, in order. */
  Map<ServiceId, List<NetworkEndpoint>> serving() {
    Map<ServiceId, List<NetworkEndpoint>> serving = new HashMap<>();
    for (NetworkEndpoint endpoint : endpoints) {
      if (endpoint.serves() && !endpoint.service().value().isEmpty()) {
        serving.computeIfAbsent(endpoint.service(), _ -> new ArrayList<>()).add(endpoint);
      }
    }
    return serving;
  }
}
