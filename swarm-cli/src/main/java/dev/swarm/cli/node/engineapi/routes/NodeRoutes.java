package dev.swarm.cli.node.engineapi.routes;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.swarm.cli.node.engineapi.http.Exchange;
import dev.swarm.cli.node.engineapi.http.QueryFilters;
import dev.swarm.cli.node.engineapi.json.NodeShapes;
import docker.swarmkit.v1.ListNodesRequest;
import docker.swarmkit.v1.Node;
import docker.swarmkit.v1.NodeRole;
import docker.swarmkit.v1.NodeSpec;
import docker.swarmkit.v1.RemoveNodeRequest;
import docker.swarmkit.v1.UpdateNodeRequest;
import docker.swarmkit.v1.Version;
import java.io.IOException;
import java.util.Set;

/** Routes under {@code /nodes}. */
final class NodeRoutes {
  private static final Set<String> FILTERS =
      Set.of("name", "id", "label", "role", "membership", "node.label");

  private final SwarmClient swarm;
  private final RoleChange roles;

  NodeRoutes(SwarmClient swarm, RoleChange roles) {
    this.swarm = swarm;
    this.roles = roles;
  }

  void list(Exchange exchange) throws IOException {
    QueryFilters filters = QueryFilters.of(exchange, FILTERS);
    var wanted =
        ListNodesRequest.Filters.newBuilder()
            .addAllNamePrefixes(filters.get("name"))
            .addAllIdPrefixes(filters.get("id"))
            .putAllLabels(filters.pairs("label"))
            .putAllNodeLabels(filters.pairs("node.label"));
    filters.numbers("role", NodeRole.getDescriptor()).forEach(wanted::addRolesValue);
    filters
        .numbers("membership", NodeSpec.Membership.getDescriptor())
        .forEach(wanted::addMembershipsValue);
    ArrayNode out = JsonNodeFactory.instance.arrayNode();
    swarm
        .control()
        .listNodes(ListNodesRequest.newBuilder().setFilters(wanted).build())
        .getNodesList()
        .forEach(node -> out.add(NodeShapes.NODE.write(node)));
    exchange.reply(200, out);
  }

  void inspect(Exchange exchange) throws IOException {
    exchange.reply(200, NodeShapes.NODE.write(swarm.node(exchange.variable("id"))));
  }

  void update(Exchange exchange) throws IOException {
    NodeSpec spec = exchange.body(NodeShapes.NODE_SPEC, NodeSpec.class);
    long version = exchange.objectVersion("node");
    Node current = swarm.node(exchange.variable("id"));
    swarm
        .control()
        .updateNode(
            UpdateNodeRequest.newBuilder()
                .setNodeId(current.getId())
                .setNodeVersion(Version.newBuilder().setIndex(version))
                // JSON has no membership: an update must not take it away.
                .setSpec(spec.toBuilder().setMembership(current.getSpec().getMembership()))
                .build());
    if (spec.getDesiredRole() != current.getSpec().getDesiredRole()) {
      roles.await(current, spec.getDesiredRole());
    }
    exchange.reply(200);
  }

  void remove(Exchange exchange) throws IOException {
    String id = swarm.node(exchange.variable("id")).getId();
    swarm
        .control()
        .removeNode(
            RemoveNodeRequest.newBuilder().setNodeId(id).setForce(exchange.flag("force")).build());
    exchange.reply(200);
  }
}
