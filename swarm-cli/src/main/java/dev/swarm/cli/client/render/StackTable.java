package dev.swarm.cli.client.render;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Output of {@code stack ls}. */
public final class StackTable {
  private static final String USUAL = "table {{.Name}}\t{{.Services}}";

  private StackTable() {}

  /**
   * @param stacks how many services each stack has
   * @param format the user's, empty for the usual table
   */
  public static String render(Map<String, Integer> stacks, String format) {
    Map<String, String> heads = new LinkedHashMap<>();
    heads.put("Name", "NAME");
    heads.put("Services", "SERVICES");
    List<String> names = new ArrayList<>(stacks.keySet());
    names.sort(NaturalOrder.NATURAL);
    List<JsonNode> rows = new ArrayList<>(names.size());
    names.forEach(
        name ->
            rows.add(Listing.row(Map.of("Name", name, "Services", stacks.getOrDefault(name, 0)))));
    return new Listing(USUAL, heads).render(format, rows);
  }
}
