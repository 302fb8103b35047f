package dev.swarm.cli.client.render;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Output of {@code service ls}. */
public final class ServiceTable {
  private static final String USUAL =
      "table {{.ID}}\t{{.Name}}\t{{.Mode}}\t{{.Replicas}}\t{{.Image}}\t{{.Ports}}";

  private ServiceTable() {}

  /**
   * @param services with their {@code ServiceStatus}
   * @param format the user's, empty for the usual table
   */
  public static String render(Iterable<JsonNode> services, String format) {
    Map<String, String> heads = new LinkedHashMap<>();
    for (String field : List.of("ID", "Name", "Mode", "Replicas", "Image", "Ports")) {
      heads.put(field, field.toUpperCase(java.util.Locale.ROOT));
    }
    List<JsonNode> sorted = new ArrayList<>();
    services.forEach(sorted::add);
    sorted.sort((a, b) -> NaturalOrder.NATURAL.compare(name(a), name(b)));
    List<JsonNode> rows = new ArrayList<>(sorted.size());
    sorted.forEach(service -> rows.add(row(service)));
    return new Listing(USUAL, heads).render(format, rows);
  }

  private static String name(JsonNode service) {
    return service.path("Spec").path("Name").asText();
  }

  private static JsonNode row(JsonNode service) {
    JsonNode spec = service.path("Spec");
    return Listing.row(
        Map.of(
            "ID", Phrases.shortId(service.path("ID").asText()),
            "Name", name(service),
            "Mode", mode(spec.path("Mode")),
            "Replicas", replicas(spec, service.path("ServiceStatus")),
            "Image", Phrases.image(spec.path("TaskTemplate"), true),
            "Ports", Ports.ofService(service.path("Endpoint").path("Ports"))));
  }

  static String mode(JsonNode mode) {
    if (mode.has("Global")) {
      return "global";
    }
    if (mode.has("ReplicatedJob")) {
      return "replicated job";
    }
    if (mode.has("GlobalJob")) {
      return "global job";
    }
    return mode.has("Replicated") ? "replicated" : "";
  }

  private static String replicas(JsonNode spec, JsonNode status) {
    long desired = status.path("DesiredTasks").asLong();
    long completed = status.path("CompletedTasks").asLong();
    String counts = status.path("RunningTasks").asLong() + "/" + desired;
    JsonNode mode = spec.path("Mode");
    if (mode.has("ReplicatedJob")) {
      long total = mode.path("ReplicatedJob").path("TotalCompletions").asLong();
      return counts + " (" + completed + "/" + total + " completed)";
    }
    if (mode.has("GlobalJob")) {
      return counts + " (" + completed + "/" + (desired + completed) + " completed)";
    }
    long perNode = spec.path("TaskTemplate").path("Placement").path("MaxReplicas").asLong();
    return mode.has("Replicated") && perNode > 0
        ? counts + " (max " + perNode + " per node)"
        : counts;
  }
}
