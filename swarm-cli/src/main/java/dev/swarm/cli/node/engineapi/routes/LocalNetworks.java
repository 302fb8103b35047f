package dev.swarm.cli.node.engineapi.routes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.node.engineapi.http.ApiRejection;
import dev.swarm.cli.node.engineapi.proxy.InnerEngine;
import dev.swarm.core.model.Network;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Networks of the local engine, some of which are this node's part of one of the swarm's. */
final class LocalNetworks {
  private final InnerEngine engine;

  LocalNetworks(InnerEngine engine) {
    this.engine = engine;
  }

  /** The id of the swarm's network that this one of the engine's stands for. */
  static Optional<String> swarmId(JsonNode local) {
    String id = local.path("Labels").path(Network.ID_LABEL).asText();
    return id.isEmpty() ? Optional.empty() : Optional.of(id);
  }

  /** A network as clients know it that stands for one of the swarm's. */
  static JsonNode asSwarms(JsonNode local) {
    Optional<String> id = swarmId(local);
    if (id.isEmpty()) {
      return local;
    }
    ObjectNode out = local.deepCopy();
    ObjectNode labels = out.withObject("/Labels");
    out.put("Id", id.get()).put("Scope", "swarm");
    out.put("Driver", labels.path(Network.DRIVER_LABEL).asText());
    labels.remove(List.of(Network.ID_LABEL, Network.NODE_LABEL, Network.DRIVER_LABEL));
    return out;
  }

  /** The engine's network of this name or id, its own or one that stands for the swarm's. */
  Optional<JsonNode> find(String name) {
    try {
      return Optional.of(engine.get("/networks/" + escaped(name)));
    } catch (ApiRejection e) {
      if (e.status() != 404) {
        throw e;
      }
      return ofSwarm(name);
    }
  }

  /** What stands for the swarm's network {@code id} here. */
  Optional<JsonNode> ofSwarm(String id) {
    ObjectNode filters = JsonNodeFactory.instance.objectNode();
    filters.putArray("label").add(Network.ID_LABEL + "=" + id);
    JsonNode found = engine.get("/networks?filters=" + escaped(filters.toString()));
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of(engine.get("/networks/" + escaped(found.path(0).path("Name").asText())));
  }

  JsonNode container(String name) {
    return engine.get("/containers/" + escaped(name) + "/json");
  }

  /** Takes a container off a network of the engine's. */
  void disconnect(String network, String container) {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("Container", container);
    var _ = engine.post("/networks/" + escaped(network) + "/disconnect", body);
  }

  static String escaped(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
