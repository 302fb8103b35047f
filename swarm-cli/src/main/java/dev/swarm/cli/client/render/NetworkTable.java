package dev.swarm.cli.client.render;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Output of {@code network ls}. */
public final class NetworkTable {
  private static final String USUAL = "table {{.ID}}\t{{.Name}}\t{{.Driver}}\t{{.Scope}}";

  private NetworkTable() {}

  /**
   * @param format the user's, empty for the usual table
   * @param full whether to leave ids uncut
   */
  public static String render(Iterable<JsonNode> networks, String format, boolean full) {
    Map<String, String> heads = new LinkedHashMap<>();
    heads.put("ID", "NETWORK ID");
    heads.put("Name", "NAME");
    heads.put("Driver", "DRIVER");
    heads.put("Scope", "SCOPE");
    heads.put("IPv4", "IPV4");
    heads.put("IPv6", "IPV6");
    heads.put("Internal", "INTERNAL");
    heads.put("Labels", "LABELS");
    heads.put("CreatedAt", "CREATED AT");
    List<JsonNode> sorted = new ArrayList<>();
    networks.forEach(sorted::add);
    sorted.sort((a, b) -> NaturalOrder.NATURAL.compare(name(a), name(b)));
    List<JsonNode> rows = new ArrayList<>(sorted.size());
    sorted.forEach(network -> rows.add(row(network, full)));
    return new Listing(USUAL, heads).render(format, rows);
  }

  private static String name(JsonNode network) {
    return network.path("Name").asText();
  }

  private static JsonNode row(JsonNode network, boolean full) {
    String id = network.path("Id").asText();
    return Listing.row(
        Map.of(
            "ID", full ? id : Phrases.shortId(id),
            "Name", name(network),
            "Driver", network.path("Driver").asText(),
            "Scope", network.path("Scope").asText(),
            "IPv4", network.path("EnableIPv4").asText("true"),
            "IPv6", network.path("EnableIPv6").asText("false"),
            "Internal", network.path("Internal").asText("false"),
            "Labels", Phrases.labels(network.path("Labels")),
            "CreatedAt", Phrases.moment(network.path("Created").asText())));
  }
}
