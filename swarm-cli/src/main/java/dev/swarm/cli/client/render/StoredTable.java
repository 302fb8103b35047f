package dev.swarm.cli.client.render;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Output of {@code secret ls} and {@code config ls}. */
public final class StoredTable {
  private static final String SECRETS =
      "table {{.ID}}\t{{.Name}}\t{{.Driver}}\t{{.CreatedAt}}\t{{.UpdatedAt}}";
  private static final String CONFIGS = "table {{.ID}}\t{{.Name}}\t{{.CreatedAt}}\t{{.UpdatedAt}}";

  private StoredTable() {}

  /**
   * @param format the user's, empty for the usual table
   * @param now against which times are told
   */
  public static String secrets(Iterable<JsonNode> secrets, String format, Instant now) {
    Map<String, String> heads = heads();
    heads.put("Driver", "DRIVER");
    return new Listing(SECRETS, heads).render(format, rows(secrets, now, true));
  }

  /** The same for configs, which have no driver. */
  public static String configs(Iterable<JsonNode> configs, String format, Instant now) {
    return new Listing(CONFIGS, heads()).render(format, rows(configs, now, false));
  }

  private static Map<String, String> heads() {
    Map<String, String> heads = new LinkedHashMap<>();
    heads.put("ID", "ID");
    heads.put("Name", "NAME");
    heads.put("CreatedAt", "CREATED");
    heads.put("UpdatedAt", "UPDATED");
    heads.put("Labels", "LABELS");
    return heads;
  }

  private static List<JsonNode> rows(Iterable<JsonNode> objects, Instant now, boolean drivers) {
    List<JsonNode> sorted = new ArrayList<>();
    objects.forEach(sorted::add);
    sorted.sort((a, b) -> NaturalOrder.NATURAL.compare(name(a), name(b)));
    List<JsonNode> rows = new ArrayList<>(sorted.size());
    sorted.forEach(object -> rows.add(row(object, now, drivers)));
    return rows;
  }

  private static String name(JsonNode object) {
    return object.path("Spec").path("Name").asText();
  }

  private static JsonNode row(JsonNode object, Instant now, boolean drivers) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("ID", object.path("ID").asText());
    fields.put("Name", name(object));
    fields.put("CreatedAt", Phrases.ago(Phrases.time(object.path("CreatedAt")), now));
    fields.put("UpdatedAt", Phrases.ago(Phrases.time(object.path("UpdatedAt")), now));
    fields.put("Labels", Phrases.labels(object.path("Spec").path("Labels")));
    if (drivers) {
      fields.put("Driver", object.path("Spec").path("Driver").path("Name").asText());
    }
    return Listing.row(fields);
  }
}
