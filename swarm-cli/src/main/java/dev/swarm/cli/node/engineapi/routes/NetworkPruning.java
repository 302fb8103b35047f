package dev.swarm.cli.node.engineapi.routes;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.node.engineapi.http.ApiRejection;
import dev.swarm.cli.node.engineapi.http.Exchange;
import dev.swarm.cli.node.engineapi.http.QueryFilters;
import dev.swarm.cli.node.engineapi.http.UnixTime;
import dev.swarm.cli.node.engineapi.proxy.InnerEngine;
import dev.swarm.core.port.Clock;
import docker.swarmkit.v1.ListNetworksRequest;
import docker.swarmkit.v1.Network;
import docker.swarmkit.v1.RemoveNetworkRequest;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Route {@code /networks/prune}: the swarm's networks that nothing uses, and the engine's. */
final class NetworkPruning {
  private static final Set<String> FILTERS = Set.of("label", "label!", "until");

  private final SwarmClient swarm;
  private final LocalMembership node;
  private final Optional<InnerEngine> engine;
  private final Clock clock;

  NetworkPruning(
      SwarmClient swarm, LocalMembership node, Optional<InnerEngine> engine, Clock clock) {
    this.swarm = swarm;
    this.node = node;
    this.engine = engine;
    this.clock = clock;
  }

  void prune(Exchange exchange) throws IOException {
    QueryFilters filters = QueryFilters.of(exchange, FILTERS);
    Optional<Instant> until = until(filters.get("until"));
    if (engine.isPresent() && !node.status().controlAvailable()) {
      exchange.passOn();
      return;
    }
    ArrayNode deleted = JsonNodeFactory.instance.arrayNode();
    if (engine.isPresent()) {
      engine.get().post(target(exchange, filters)).path("NetworksDeleted").forEach(deleted::add);
    }
    var all = swarm.control().listNetworks(ListNetworksRequest.getDefaultInstance());
    for (Network network : all.getNetworksList()) {
      if (mayGo(network, filters, until) && remove(network)) {
        deleted.add(network.getSpec().getAnnotations().getName());
      }
    }
    ObjectNode out = JsonNodeFactory.instance.objectNode();
    // Clients know no networks as null, not as an empty list.
    out.set("NetworksDeleted", deleted.isEmpty() ? out.nullNode() : deleted);
    exchange.reply(200, out);
  }

  /** What stands for the swarm's networks goes when the last of its containers does. */
  private static String target(Exchange exchange, QueryFilters filters) {
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    filters.values().forEach((name, values) -> values.forEach(all.withArray("/" + name)::add));
    all.withArray("/label!").add(dev.swarm.core.model.Network.ID_LABEL);
    return exchange.request().getHttpURI().getPath()
        + "?filters="
        + LocalNetworks.escaped(all.toString());
  }

  private static boolean mayGo(Network network, QueryFilters filters, Optional<Instant> until) {
    Map<String, String> labels = network.getSpec().getAnnotations().getLabelsMap();
    Instant created =
        Instant.ofEpochSecond(
            network.getMeta().getCreatedAt().getSeconds(),
            network.getMeta().getCreatedAt().getNanos());
    return !network.getSpec().getIngress()
        && !"true".equals(labels.get(NetworkRoutes.PREDEFINED_LABEL))
        && until.map(created::isBefore).orElse(true)
        && filters.pairs("label").entrySet().stream().allMatch(e -> has(labels, e))
        && filters.pairs("label!").entrySet().stream().noneMatch(e -> has(labels, e));
  }

  private static boolean has(Map<String, String> labels, Map.Entry<String, String> wanted) {
    return labels.containsKey(wanted.getKey())
        && (wanted.getValue().isEmpty() || wanted.getValue().equals(labels.get(wanted.getKey())));
  }

  /** Whether it is gone; the leader alone knows what is in use. */
  private boolean remove(Network network) {
    try {
      var request = RemoveNetworkRequest.newBuilder().setNetworkId(network.getId()).build();
      var _ = swarm.control().removeNetwork(request);
      return true;
    } catch (StatusRuntimeException e) {
      return switch (e.getStatus().getCode()) {
        case FAILED_PRECONDITION, NOT_FOUND -> false;
        default -> throw e;
      };
    }
  }

  private Optional<Instant> until(List<String> values) {
    if (values.size() > 1) {
      throw ApiRejection.badRequest("more than one until filter specified");
    }
    return values.stream().findFirst().map(this::time);
  }

  /** A time, in seconds since 1970 or written out, or how long ago it was: {@code 1h30m}. */
  private Instant time(String text) {
    try {
      if (text.matches("(?:\\d{1,6}[hms])+")) {
        return clock.now().minus(Duration.parse("PT" + text));
      }
      return text.indexOf('T') < 0 ? UnixTime.parse("until", text) : Instant.parse(text);
    } catch (DateTimeException e) {
      throw ApiRejection.badRequest(
          "invalid value for \"until\": '" + text + "' is neither a time nor a duration");
    }
  }
}
