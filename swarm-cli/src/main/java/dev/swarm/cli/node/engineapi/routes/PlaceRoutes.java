package dev.swarm.cli.node.engineapi.routes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.node.engineapi.http.ApiRejection;
import dev.swarm.cli.node.engineapi.http.Exchange;
import dev.swarm.cli.node.engineapi.proxy.InnerEngine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Routes for containers on the swarm's attachable networks: before the engine is asked to make or
 * connect one, the swarm gives it an attachment, and the request names that. What concerns other
 * networks is the engine's, untouched.
 */
final class PlaceRoutes {
  private static final Set<String> ENGINES_OWN =
      Set.of("", "bridge", "default", "host", "nat", "none");

  private static final String ENDPOINTS = "/NetworkingConfig/EndpointsConfig";
  private static final int UNAVAILABLE = 503;

  private final LocalMembership node;
  private final Optional<InnerEngine> engine;
  private final Optional<LocalNetworks> local;

  PlaceRoutes(LocalMembership node, Optional<InnerEngine> engine) {
    this.node = node;
    this.engine = engine;
    local = engine.map(LocalNetworks::new);
  }

  void create(Exchange exchange) throws IOException {
    Optional<ObjectNode> body = readIfMember(exchange);
    if (body.isEmpty()) {
      exchange.passOn();
      return;
    }
    ObjectNode request = body.get();
    String container = exchange.parameter("name").orElse("a new container");
    List<LocalPlace> taken = new ArrayList<>();
    JsonNode created =
        orGiveBack(
            taken,
            () -> {
              for (String network : networks(request)) {
                JsonNode endpoint = request.at(ENDPOINTS).path(network);
                take(network, container, address(endpoint))
                    .ifPresent(
                        place -> {
                          taken.add(place);
                          name(request, network, place);
                        });
              }
              return taken.isEmpty() ? request : engine().post(exchange.target(), request);
            });
    if (taken.isEmpty()) {
      exchange.passOn();
    } else {
      exchange.reply(201, created);
    }
  }

  void connect(Exchange exchange) throws IOException {
    Optional<ObjectNode> body = readIfMember(exchange).filter(PlaceRoutes::namesContainer);
    Optional<LocalPlace> place = body.flatMap(request -> place(exchange.variable("id"), request));
    if (place.isEmpty()) {
      exchange.passOn();
      return;
    }
    ObjectNode request = body.orElseThrow();
    object(object(request, "EndpointConfig"), "IPAMConfig")
        .put("IPv4Address", place.get().address());
    String target = target(exchange, place.get().network(), "connect");
    var _ = orGiveBack(List.of(place.get()), () -> engine().post(target, request));
    exchange.reply(200);
  }

  /**
   * What the swarm gave goes back when nothing came of it. While it is unknown what the engine did,
   * the place is left to expire.
   */
  private JsonNode orGiveBack(List<LocalPlace> taken, Supplier<JsonNode> use) {
    try {
      return use.get();
    } catch (RuntimeException e) {
      if (!(e instanceof ApiRejection rejection && rejection.status() == UNAVAILABLE)) {
        taken.forEach(node::returnPlace);
      }
      throw e;
    }
  }

  private InnerEngine engine() {
    return engine.orElseThrow();
  }

  void disconnect(Exchange exchange) throws IOException {
    Optional<ObjectNode> body = readIfMember(exchange).filter(PlaceRoutes::namesContainer);
    Optional<JsonNode> network =
        body.flatMap(any -> local.orElseThrow().find(exchange.variable("id")))
            .filter(found -> LocalNetworks.swarmId(found).isPresent());
    if (network.isEmpty()) {
      exchange.passOn();
    } else {
      String name = network.get().path("Name").asText();
      exchange.passOn(target(exchange, name, "disconnect"), body.orElseThrow());
    }
  }

  /** The body if this can concern the swarm at all; what is no JSON the engine shall refuse. */
  private Optional<ObjectNode> readIfMember(Exchange exchange) throws IOException {
    if (local.isEmpty() || node.status().state() != LocalNode.State.ACTIVE) {
      return Optional.empty();
    }
    return exchange.bodyToPassOn();
  }

  private static boolean namesContainer(ObjectNode request) {
    JsonNode container = request.path("Container");
    return container.isTextual() && !container.textValue().isEmpty();
  }

  /**
   * A new place for a container to be connected. One that it waits with is given up first: the
   * engine would keep what that one was described as.
   */
  private Optional<LocalPlace> place(String network, ObjectNode request) {
    LocalNetworks networks = local.orElseThrow();
    String container = request.path("Container").asText();
    String asked = address(request.path("EndpointConfig"));
    Optional<JsonNode> here = networks.find(network);
    if (here.isPresent() && LocalNetworks.swarmId(here.get()).isPresent()) {
      String name = here.get().path("Name").asText();
      JsonNode inspected = networks.container(container);
      JsonNode endpoint = inspected.path("NetworkSettings").path("Networks").path(name);
      if (endpoint.isObject() && inspected.path("State").path("Running").asBoolean()) {
        throw new ApiRejection(
            403, "%s is already attached to network %s".formatted(container, name));
      }
      if (endpoint.isObject() && asked.equals(address(endpoint))) {
        return Optional.of(new LocalPlace("", name, asked));
      }
      if (endpoint.isObject()) {
        networks.disconnect(name, container);
      }
    }
    return take(network, container, asked);
  }

  private Optional<LocalPlace> take(String network, String container, String address) {
    Optional<JsonNode> here = local.orElseThrow().find(network);
    return here.isPresent() && LocalNetworks.swarmId(here.get()).isEmpty()
        ? Optional.empty()
        : node.takePlace(network, container, address);
  }

  private static Set<String> networks(ObjectNode request) {
    Set<String> names = new LinkedHashSet<>();
    names.add(request.at("/HostConfig/NetworkMode").asText());
    request.at(ENDPOINTS).fieldNames().forEachRemaining(names::add);
    names.removeIf(name -> ENGINES_OWN.contains(name) || name.startsWith("container:"));
    return names;
  }

  private static String address(JsonNode endpoint) {
    return endpoint.path("IPAMConfig").path("IPv4Address").asText();
  }

  /** Has the request name the place instead of the network as the client called it. */
  private static void name(ObjectNode request, String network, LocalPlace place) {
    ObjectNode host = object(request, "HostConfig");
    if (host.path("NetworkMode").asText().equals(network)) {
      host.put("NetworkMode", place.network());
    }
    ObjectNode endpoints = object(object(request, "NetworkingConfig"), "EndpointsConfig");
    ObjectNode endpoint = object(endpoints, network);
    endpoints.remove(network);
    object(endpoint, "IPAMConfig").put("IPv4Address", place.address());
    endpoints.set(place.network(), endpoint);
  }

  /** The object of that name, which is made if it is missing or null. */
  private static ObjectNode object(ObjectNode in, String name) {
    if (in.get(name) instanceof ObjectNode there) {
      return there;
    }
    ObjectNode made = JsonNodeFactory.instance.objectNode();
    in.set(name, made);
    return made;
  }

  private static String target(Exchange exchange, String network, String verb) {
    String path = exchange.request().getHttpURI().getPath();
    String prefix = path.substring(0, path.indexOf("/networks/"));
    return prefix + "/networks/" + LocalNetworks.escaped(network) + "/" + verb;
  }
}
