package dev.swarm.cli.node.engineapi.routes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.node.engineapi.http.ApiRejection;
import dev.swarm.cli.node.engineapi.http.Exchange;
import dev.swarm.cli.node.engineapi.http.QueryFilters;
import dev.swarm.cli.node.engineapi.json.JsonIn;
import dev.swarm.cli.node.engineapi.json.NetworkShapes;
import dev.swarm.cli.node.engineapi.json.Scalar;
import dev.swarm.cli.node.engineapi.proxy.InnerEngine;
import docker.swarmkit.v1.CreateNetworkRequest;
import docker.swarmkit.v1.ListNetworksRequest;
import docker.swarmkit.v1.Network;
import docker.swarmkit.v1.NetworkSpec;
import docker.swarmkit.v1.RemoveNetworkRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Routes under {@code /networks}, as far as they are the swarm's. */
final class NetworkRoutes {
  private static final Set<String> FILTERS =
      Set.of("dangling", "driver", "id", "label", "name", "scope", "type");

  /** From API 1.44 on no client need ask for it. */
  private static final int UNIQUE_NAMES_SINCE = 44;

  private static final int REMOVE_TRIES = 20;
  private static final Duration REMOVE_PAUSE = Duration.ofMillis(100);

  private static final Set<String> BUILT_IN =
      Set.of("", "bridge", "host", "ipvlan", "macvlan", "null");

  private static final Set<String> PREDEFINED = Set.of("bridge", "host", "none", "default");
  static final String PREDEFINED_LABEL = "com.docker.swarm.predefined";

  private final SwarmClient swarm;
  private final LocalMembership node;
  private final Optional<InnerEngine> engine;

  NetworkRoutes(SwarmClient swarm, LocalMembership node, Optional<InnerEngine> engine) {
    this.swarm = swarm;
    this.node = node;
    this.engine = engine;
  }

  /** The swarm's networks, and those of the engine that are not the same ones. */
  void list(Exchange exchange) throws IOException {
    QueryFilters filters = QueryFilters.of(exchange, FILTERS);
    ArrayNode out = JsonNodeFactory.instance.arrayNode();
    Set<String> ids = new HashSet<>();
    // Elsewhere than on a manager the list holds the local networks alone.
    boolean isManager = node.status().controlAvailable();
    if (isManager) {
      for (Network network : all()) {
        if (matches(network, filters)) {
          ids.add(network.getId());
          out.add(NetworkShapes.resource(network));
        }
      }
    }
    if (engine.isPresent()) {
      for (JsonNode local : engine.get().get(exchange.target())) {
        boolean swarms = LocalNetworks.swarmId(local).isPresent();
        if (!ids.contains(local.path("Id").asText()) && !(swarms && isManager)) {
          out.add(LocalNetworks.asSwarms(local));
        }
      }
    }
    exchange.reply(200, out);
  }

  private List<Network> all() {
    return swarm.control().listNetworks(ListNetworksRequest.getDefaultInstance()).getNetworksList();
  }

  private static boolean matches(Network network, QueryFilters filters) {
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
    Optional<Network> found = find(exchange);
    if (found.isEmpty()) {
      inspectLocal(exchange);
      return;
    }
    ObjectNode out = NetworkShapes.resource(found.get());
    Optional<JsonNode> here =
        engine.flatMap(inner -> new LocalNetworks(inner).ofSwarm(found.get().getId()));
    out.set("Containers", here.map(n -> n.path("Containers")).orElseGet(out::objectNode));
    exchange.reply(200, out);
  }

  private void inspectLocal(Exchange exchange) throws IOException {
    Optional<JsonNode> here =
        node.status().state() == LocalNode.State.ACTIVE && !node.status().controlAvailable()
            ? engine.flatMap(inner -> new LocalNetworks(inner).find(exchange.variable("id")))
            : Optional.empty();
    if (here.flatMap(LocalNetworks::swarmId).isPresent()) {
      exchange.reply(200, LocalNetworks.asSwarms(here.get()));
    } else {
      exchange.passOn();
    }
  }

  /**
   * The swarm's network that the path names; none if it is the engine's to answer, which also knows
   * networks by the beginning of an id.
   */
  private Optional<Network> find(Exchange exchange) {
    String name = exchange.variable("id");
    if (engine.isEmpty()) {
      return Optional.of(swarm.network(name));
    }
    if (!node.status().controlAvailable()
        || exchange.parameter("scope").filter(scope -> !scope.equals("swarm")).isPresent()) {
      return Optional.empty();
    }
    List<Network> all = all();
    return all.stream()
        .filter(network -> network.getId().equals(name))
        .findFirst()
        .or(() -> byName(all, name, exchange.parameter("scope").isPresent()))
        .or(() -> byPrefix(all, name));
  }

  /** The engine may have a network of that name too, unless one scope was asked for. */
  private Optional<Network> byName(List<Network> all, String name, boolean oneScope) {
    Optional<Network> found = all.stream().filter(network -> isNamed(network, name)).findFirst();
    if (found.isPresent() && !oneScope && engine.isPresent()) {
      long local = 0;
      for (JsonNode each : engine.get().get("/networks")) {
        local += isOwn(each, name) ? 1 : 0;
      }
      if (local > 0) {
        throw ApiRejection.badRequest(
            "network %s is ambiguous (%d matches found based on name)".formatted(name, local + 1));
      }
    }
    return found;
  }

  /** Whether a network of the engine's own has that name. */
  private static boolean isOwn(JsonNode local, String name) {
    return local.path("Name").asText().equals(name) && LocalNetworks.swarmId(local).isEmpty();
  }

  private static boolean isNamed(Network network, String name) {
    return network.getSpec().getAnnotations().getName().equals(name);
  }

  /** Ids of the swarm's networks are never the beginning of an engine's, which are hexadecimal. */
  private static Optional<Network> byPrefix(List<Network> all, String prefix) {
    List<Network> found =
        all.stream().filter(network -> network.getId().startsWith(prefix)).toList();
    return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
  }

  void create(Exchange exchange) throws IOException {
    JsonIn body = exchange.body();
    boolean ours = isSwarmScoped(body.members());
    if (exchange.apiMinor() >= UNIQUE_NAMES_SINCE || flag(body.members(), "CheckDuplicate")) {
      requireUnused(text(body.members(), "Name"), ours);
    }
    if (!ours) {
      createLocal(exchange, text(body.members(), "Driver"));
      return;
    }
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

  /**
   * The engine behind us is in no swarm, and says so of plugins that share their networks; a user
   * whose node is in one would look for the wrong mistake.
   */
  private void createLocal(Exchange exchange, String driver) throws IOException {
    if (engine.isEmpty()
        || BUILT_IN.contains(driver)
        || node.status().state() != LocalNode.State.ACTIVE) {
      exchange.passOn();
      return;
    }
    try {
      exchange.reply(201, engine.get().post(exchange.target(), exchange.bodyRead()));
    } catch (ApiRejection e) {
      throw e.sentence().startsWith("This node is not a swarm manager")
          ? new ApiRejection(
              403,
              "network driver %s shares its networks between hosts by itself, which is not supported in swarm mode"
                      .formatted(driver)
                  + ": use overlay, or a plugin of local scope")
          : e;
    }
  }

  /** A name is one network's, the swarm's or this engine's, where a client asks for that. */
  private void requireUnused(String name, boolean ours) throws ApiRejection {
    if (name.isEmpty() || PREDEFINED.contains(name)) {
      return;
    }
    boolean used = false;
    try {
      used =
          node.status().controlAvailable() && all().stream().anyMatch(each -> isNamed(each, name));
    } catch (StatusRuntimeException e) {
      // An engine's own network does not need the swarm.
      if (ours) {
        throw e;
      }
    }
    if (!used && ours && engine.isPresent()) {
      for (JsonNode each : engine.get().get("/networks")) {
        used |= isOwn(each, name);
      }
    }
    if (used) {
      throw ApiRejection.conflict("network with name " + name + " already exists");
    }
  }

  /** Other networks live on one machine only and are an engine's. */
  private static boolean isSwarmScoped(JsonIn.Members in) {
    return text(in, "Driver").equals("overlay")
        || text(in, "Scope").equals("swarm")
        || flag(in, "Ingress");
  }

  private static boolean flag(JsonIn.Members in, String name) {
    return in.get(name).map(v -> (Boolean) Scalar.BOOL.read(v)).orElse(false);
  }

  private static String text(JsonIn.Members in, String name) {
    return in.get(name).map(value -> (String) Scalar.STRING.read(value)).orElse("");
  }

  void remove(Exchange exchange) throws IOException {
    Optional<Network> found = find(exchange);
    if (found.isEmpty()) {
      exchange.passOn();
      return;
    }
    remove(RemoveNetworkRequest.newBuilder().setNetworkId(found.get().getId()).build());
    exchange.reply(204);
  }

  /** The place of a container that was removed just before may be on its way back still. */
  private void remove(RemoveNetworkRequest request) {
    for (int tries = 1; ; tries++) {
      try {
        var _ = swarm.control().removeNetwork(request);
        return;
      } catch (StatusRuntimeException e) {
        if (tries == REMOVE_TRIES
            || e.getStatus().getCode() != Status.Code.FAILED_PRECONDITION
            || !String.valueOf(e.getStatus().getDescription()).contains("in use by task")) {
          throw e;
        }
      }
      try {
        Thread.sleep(REMOVE_PAUSE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw ApiRejection.unavailable("the daemon is stopping");
      }
    }
  }
}
