package dev.swarm.cli.render;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.TreeMap;

/** Lines of a human-readable inspect page, as they grow. */
final class Page {
  private final StringBuilder out = new StringBuilder();

  Page line(String text) {
    out.append(safe(text)).append('\n');
    return this;
  }

  /** A line as it is, line ends included: for PEM texts. */
  Page raw(String text) {
    out.append(text).append('\n');
    return this;
  }

  Page lineIf(boolean condition, String text) {
    return condition ? line(text) : this;
  }

  /** {@code label} and the value, unless there is none. */
  Page lineIf(String label, JsonNode value) {
    String text = value.isMissingNode() || value.isNull() ? "" : value.asText();
    return lineIf(!text.isEmpty(), label + text);
  }

  /** A head and its entries sorted by key, unless there are none. */
  Page map(String head, JsonNode entries, String before, String between) {
    if (entries.isEmpty()) {
      return this;
    }
    line(head);
    Map<String, String> sorted = new TreeMap<>();
    entries.properties().forEach(e -> sorted.put(e.getKey(), e.getValue().asText()));
    sorted.forEach((key, value) -> line(before + key + (value.isEmpty() ? "" : between + value)));
    return this;
  }

  private static String safe(String text) {
    StringBuilder safe = new StringBuilder(text);
    for (int i = 0; i < safe.length(); i++) {
      char c = safe.charAt(i);
      if (Character.isISOControl(c) && c != '\t') {
        safe.setCharAt(i, ' ');
      }
    }
    return safe.toString();
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
