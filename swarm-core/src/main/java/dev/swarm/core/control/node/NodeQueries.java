package dev.swarm.core.control.node;

import dev.swarm.core.control.ListFilters;
import dev.swarm.core.control.Refuse;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.plan.Verdict;
import dev.swarm.core.store.Snapshot;
import dev.swarm.core.wire.ToWire;
import docker.swarmkit.v1.GetNodeRequest;
import docker.swarmkit.v1.GetNodeResponse;
import docker.swarmkit.v1.ListNodesRequest;
import docker.swarmkit.v1.ListNodesResponse;
import docker.swarmkit.v1.ManagerStatus;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Answers queries about nodes. A manager's state in the log (leader, reachable) is not part of the
 * snapshot; {@code managers} supplies it.
 */
public final class NodeQueries {
  private NodeQueries() {}

  public static Verdict<GetNodeResponse> get(
      Snapshot snapshot,
      GetNodeRequest request,
      Function<NodeId, Optional<ManagerStatus>> managers) {
    return snapshot
        .nodes()
        .find(new NodeId(request.getNodeId()))
        .map(node -> GetNodeResponse.newBuilder().setNode(shown(node, managers)).build())
        .map(response -> Verdict.accept(List.of(), same -> response))
        .orElseGet(() -> Verdict.reject(Refuse.notFound("node", request.getNodeId())));
  }

  /** Nodes that meet every kind of filter given, in order of their ids. Names are hostnames. */
  public static ListNodesResponse list(
      Snapshot snapshot,
      ListNodesRequest request,
      Function<NodeId, Optional<ManagerStatus>> managers) {
    ListNodesRequest.Filters filters = request.getFilters();
    ListNodesResponse.Builder response = ListNodesResponse.newBuilder();
    snapshot.nodes().stream()
        .filter(node -> matches(node, filters))
        .sorted(Comparator.comparing(Node::id))
        .forEach(node -> response.addNodes(shown(node, managers)));
    return response.build();
  }

  private static boolean matches(Node node, ListNodesRequest.Filters filters) {
    return ListFilters.in(filters.getNamesList(), node.hostname())
        && ListFilters.startsWith(filters.getNamePrefixesList(), node.hostname())
        && ListFilters.startsWith(filters.getIdPrefixesList(), node.id().value())
        && ListFilters.labels(filters.getLabelsMap(), node.description().getEngine().getLabelsMap())
        && ListFilters.labels(
            filters.getNodeLabelsMap(), node.spec().getAnnotations().getLabelsMap())
        && ListFilters.in(filters.getRolesList(), node.role())
        && ListFilters.in(filters.getMembershipsList(), node.spec().getMembership());
  }

  private static docker.swarmkit.v1.Node shown(
      Node node, Function<NodeId, Optional<ManagerStatus>> managers) {
    docker.swarmkit.v1.Node wire = ToWire.node(node);
    return managers
        .apply(node.id())
        .map(status -> wire.toBuilder().setManagerStatus(status).build())
        .orElse(wire);
  }
}
