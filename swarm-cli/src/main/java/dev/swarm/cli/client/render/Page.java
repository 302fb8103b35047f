package dev.swarm.cli.client.render;

import com.fasterxml.jackson.databind.JsonNode;
import dev.swarm.core.text.Printable;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Collects the lines of an inspect page for people. */
final class Page {
  private final StringBuilder out = new StringBuilder();

  Page line(String text) {
    out.append(safe(text)).append('\n');
    return this;
  }

  /** A line as it is, line ends included: for PEM texts. */
  Page raw(String text) {
    out.append(Printable.lines(text)).append('\n');
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

  /** Tabs are the page's own. */
  private static String safe(String text) {
    return Arrays.stream(text.split("\t", -1)).map(Printable::of).collect(Collectors.joining("\t"));
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
