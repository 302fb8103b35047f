package dev.swarm.cli.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.client.command.spec.References;
import dev.swarm.cli.http.ApiClient;
import dev.swarm.cli.http.Json;
import dev.swarm.cli.http.Target;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Looks up names at the daemon. */
final class ApiReferences implements References {
  private final ApiClient api;

  ApiReferences(ApiClient api) {
    this.api = api;
  }

  @Override
  public String networkId(String name) throws IOException {
    JsonNode network = api.get(Target.of("networks", name).with("scope", "swarm"));
    return network.path("Id").asText();
  }

  @Override
  public Map<String, String> secretIds(List<String> names) throws IOException {
    return ids("secrets", names);
  }

  @Override
  public Map<String, String> configIds(List<String> names) throws IOException {
    return ids("configs", names);
  }

  private Map<String, String> ids(String kind, List<String> names) throws IOException {
    ObjectNode filters = Json.object();
    names.forEach(name -> Context.filter(filters, "name", name));
    Map<String, String> ids = new HashMap<>();
    for (JsonNode object : api.get(Context.filtered(Target.of(kind), filters))) {
      ids.put(object.path("Spec").path("Name").asText(), object.path("ID").asText());
    }
    return ids;
  }
}
