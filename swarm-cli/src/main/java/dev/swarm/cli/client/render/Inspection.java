package dev.swarm.cli.client.render;

import com.fasterxml.jackson.databind.JsonNode;
import dev.swarm.cli.http.Json;
import java.util.List;

/** Output of {@code inspect}: indented JSON, one line of it, or the user's template. */
public final class Inspection {
  private Inspection() {}

  /**
   * @param format empty, {@code json} or a template for each object
   */
  public static String render(List<JsonNode> objects, String format) {
    if (format.isEmpty() || format.equals("json")) {
      var all = Json.array().addAll(objects);
      return (format.isEmpty() ? Json.pretty(all) : Json.text(all)) + "\n";
    }
    Format template = Format.parse(format);
    StringBuilder out = new StringBuilder();
    for (JsonNode object : objects) {
      out.append(template.render(object)).append('\n');
    }
    return out.isEmpty() ? "\n" : out.toString();
  }
}
