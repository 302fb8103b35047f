package dev.swarm.cli.client.render;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Output of {@code node ls}. */
public final class NodeTable {
  private static final String USUAL =
      "table {{.ID}} {{if .Self}}*{{else}} {{end}}\t{{.Hostname}}\t{{.Status}}\t{{.Availability}}"
          + "\t{{.ManagerStatus}}\t{{.EngineVersion}}";

  private NodeTable() {}

  /**
   * @param info the Swarm block of the daemon's {@code /info}
   * @param format the user's, empty for the usual table
   */
  public static String render(Iterable<JsonNode> nodes, JsonNode info, String format) {
    Map<String, String> heads = new LinkedHashMap<>();
    heads.put("ID", "ID");
    heads.put("Self", "");
    heads.put("Hostname", "HOSTNAME");
    heads.put("Status", "STATUS");
    heads.put("Availability", "AVAILABILITY");
    heads.put("ManagerStatus", "MANAGER STATUS");
    heads.put("EngineVersion", "ENGINE VERSION");
    heads.put("TLSStatus", "TLS STATUS");
    List<JsonNode> sorted = new ArrayList<>();
    nodes.forEach(sorted::add);
    sorted.sort((a, b) -> NaturalOrder.NATURAL.compare(hostname(a), hostname(b)));
    List<JsonNode> rows = new ArrayList<>(sorted.size());
    sorted.forEach(node -> rows.add(row(node, info)));
    return new Listing(USUAL, heads).render(format, rows);
  }

  private static JsonNode row(JsonNode node, JsonNode info) {
    String id = node.path("ID").asText();
    JsonNode description = node.path("Description");
    return Listing.row(
        Map.of(
            "ID", id,
            "Self", !id.isEmpty() && id.equals(info.path("NodeID").asText()),
            "Hostname", hostname(node),
            "Status", Phrases.capital(node.path("Status").path("State").asText()),
            "Availability", Phrases.capital(node.path("Spec").path("Availability").asText()),
            "ManagerStatus", managerStatus(node.path("ManagerStatus")),
            "EngineVersion", description.path("Engine").path("EngineVersion").asText(),
            "TLSStatus", tlsStatus(description.path("TLSInfo"), info)));
  }

  private static String hostname(JsonNode node) {
    return node.path("Description").path("Hostname").asText();
  }

  private static String managerStatus(JsonNode status) {
    return status.path("Leader").asBoolean()
        ? "Leader"
        : Phrases.capital(status.path("Reachability").asText());
  }

  private static String tlsStatus(JsonNode node, JsonNode info) {
    JsonNode cluster = info.path("Cluster").path("TLSInfo");
    if (cluster.isEmpty() || node.isEmpty()) {
      return "Unknown";
    }
    return node.equals(cluster) ? "Ready" : "Needs Rotation";
  }
}
