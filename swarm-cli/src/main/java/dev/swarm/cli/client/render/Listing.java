package dev.swarm.cli.client.render;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.swarm.cli.http.Json;
import dev.swarm.core.text.Printable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Formats rows as a table, as JSON lines or through the user's template. */
public final class Listing {
  /** The format that asks for a command's usual table. */
  public static final String TABLE = "table";

  private final String usual;
  private final ObjectNode heads;

  /**
   * @param usual the table a user gets who asks for nothing, {@code "table {{.ID}}\t…"}
   * @param heads column heads by field, in order
   */
  public Listing(String usual, Map<String, String> heads) {
    this.usual = usual;
    this.heads = Json.object();
    heads.forEach(this.heads::put);
  }

  /** A row of {@code fields}, in the order JSON output has them. */
  public static ObjectNode row(Map<String, ?> fields) {
    ObjectNode row = Json.object();
    new TreeMap<>(fields)
        .forEach(
            (name, value) -> {
              if (value instanceof Boolean flag) {
                row.put(name, flag);
              } else {
                row.put(name, String.valueOf(value));
              }
            });
    return row;
  }

  /**
   * @param format the user's, empty for the usual table
   * @throws TemplateError when {@code format} is not a template or does not fit the rows
   */
  public String render(String format, List<? extends JsonNode> rows) {
    String chosen = format.isEmpty() || format.equals(TABLE) ? usual : format;
    if (chosen.equals("json")) {
      return lines("{{json .}}", rows);
    }
    return chosen.startsWith(TABLE)
        ? table(chosen.substring(TABLE.length()), rows)
        : lines(chosen, rows);
  }

  private String table(String format, List<? extends JsonNode> rows) {
    Format template = Format.parse(unescaped(format));
    StringBuilder text = new StringBuilder(template.renderHead(heads)).append('\n');
    for (JsonNode row : rows) {
      text.append(template.render(oneLine(row))).append('\n');
    }
    return Table.align(text.toString());
  }

  private static String lines(String format, List<? extends JsonNode> rows) {
    Format template = Format.parse(unescaped(format));
    StringBuilder text = new StringBuilder();
    for (JsonNode row : rows) {
      text.append(template.render(row)).append('\n');
    }
    return text.toString();
  }

  /** A shell leaves {@code \t} as typed. */
  private static String unescaped(String format) {
    int from = 0;
    int to = format.length();
    while (from < to && format.charAt(from) == ' ') {
      from++;
    }
    while (to > from && format.charAt(to - 1) == ' ') {
      to--;
    }
    return format.substring(from, to).replace("\\t", "\t").replace("\\n", "\n");
  }

  /** A name or message with a line end or an escape in it must not break the table or worse. */
  private static JsonNode oneLine(JsonNode row) {
    ObjectNode clean = Json.object();
    row.properties()
        .forEach(
            field -> {
              JsonNode value = field.getValue();
              clean.set(
                  field.getKey(),
                  value.isTextual() ? clean.textNode(Printable.of(value.textValue())) : value);
            });
    return clean;
  }
}
