package dev.swarm.cli.daemon.engineapi;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.daemon.engineapi.json.JsonIn;
import dev.swarm.cli.daemon.engineapi.json.NetworkShapes;
import dev.swarm.cli.daemon.engineapi.json.Scalar;
import docker.swarmkit.v1.CreateNetworkRequest;
import docker.swarmkit.v1.ListNetworksRequest;
import docker.swarmkit.v1.Network;
import docker.swarmkit.v1.NetworkSpec;
import docker.swarmkit.v1.RemoveNetworkRequest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** {@code /networks}, as far as they are the swarm's. */
final class NetworkRoutes {
  private static final Set<String> FILTERS =
      Set.of("dangling", "driver", "id", "label", "name", "scope", "type");
  private static final Set<String> PREDEFINED = Set.of("bridge", "host", "none", "default");
  private static final String PREDEFINED_LABEL = "com.docker.swarm.predefined";

  private final SwarmClient swarm;
  private final NodeControl node;

  NetworkRoutes(SwarmClient swarm, NodeControl node) {
    this.swarm = swarm;
    this.node = node;
  }

  void list(Exchange exchange) throws IOException {
    Filters filters = Filters.of(exchange, FILTERS);
    ArrayNode out = JsonNodeFactory.instance.arrayNode();
    // Elsewhere than on a manager the list holds the local networks, of which we have none.
    if (node.status().controlAvailable()) {
      swarm
          .control()
          .listNetworks(ListNetworksRequest.getDefaultInstance())
          .getNetworksList()
          .stream()
          .filter(network -> matches(network, filters))
          .forEach(network -> out.add(NetworkShapes.resource(network)));
    }
    exchange.reply(200, out);
  }

  private static boolean matches(Network network, Filters filters) {
    Map<String, String> labels = network.getSpec().getAnnotations().getLabelsMap();
    String name = network.getSpec().getAnnotations().getName();
    String driver = network.getDriverState().getName();
    return !"true".equals(labels.get(PREDEFINED_LABEL))
        && any(filters.get("name"), name::contains)
        && any(filters.get("id"), network.getId()::contains)
        && any(filters.get("driver"), driver::equals)
        && any(filters.get("scope"), "swarm"::equals)
        && any(filters.get("type"), "custom"::equals)
        && filters.pairs("label").entrySet().stream()
            .allMatch(
                label ->
                    labels.containsKey(label.getKey())
                        && (label.getValue().isEmpty()
                            || label.getValue().equals(labels.get(label.getKey()))));
  }

  private static boolean any(List<String> wanted, Predicate<String> matches) {
    return wanted.isEmpty() || wanted.stream().anyMatch(matches);
  }

  void inspect(Exchange exchange) throws IOException {
    ObjectNode out = NetworkShapes.resource(swarm.network(exchange.variable("id")));
    out.putObject("Containers");
    exchange.reply(200, out);
  }

  void create(Exchange exchange) throws IOException {
    JsonIn body = exchange.body();
    requireSwarmScope(body.members());
    NetworkSpec spec = NetworkShapes.CREATE.readAs(NetworkSpec.class, body);
    exchange.noteUnknown(body);
    String name = spec.getAnnotations().getName();
    if (PREDEFINED.contains(name)) {
      throw new ApiRejection(403, name + " is a pre-defined network and cannot be created");
    }
    String id =
        swarm
            .control()
            .createNetwork(CreateNetworkRequest.newBuilder().setSpec(spec).build())
            .getNetwork()
            .getId();
    exchange.reply(201, JsonNodeFactory.instance.objectNode().put("Id", id).put("Warning", ""));
  }

  /** Other networks live on one machine only and are an engine's. */
  private static void requireSwarmScope(JsonIn.Members in) {
    boolean swarmScope =
        text(in, "Driver").equals("overlay")
            || text(in, "Scope").equals("swarm")
            || in.get("Ingress").map(v -> (Boolean) Scalar.BOOL.read(v)).orElse(false);
    if (!swarmScope) {
      throw ApiRejection.unavailable(WithoutEngine.SENTENCE);
    }
  }

  private static String text(JsonIn.Members in, String name) {
    return in.get(name).map(value -> (String) Scalar.STRING.read(value)).orElse("");
  }

  void remove(Exchange exchange) throws IOException {
    String id = swarm.network(exchange.variable("id")).getId();
    swarm.control().removeNetwork(RemoveNetworkRequest.newBuilder().setNetworkId(id).build());
    exchange.reply(204);
  }
}
