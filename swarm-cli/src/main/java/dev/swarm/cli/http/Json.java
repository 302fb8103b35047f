package dev.swarm.cli.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Reads and writes JSON text as trees. Fields keep their order and numbers their digits, so that
 * what is read can be sent back. Of Jackson only its trees: setting up its parser and mapper costs
 * more than all the rest of a {@code node ls}.
 */
public final class Json {
  /** The longest answer taken: some hundred thousand tasks. */
  static final int BYTES_MAX = 512 * 1024 * 1024;

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String INDENT = "    ";

  private Json() {}

  public static ObjectNode object() {
    return NODES.objectNode();
  }

  public static ArrayNode array() {
    return NODES.arrayNode();
  }

  /** An array of {@code values} as strings. */
  public static ArrayNode strings(Iterable<String> values) {
    ArrayNode array = NODES.arrayNode();
    values.forEach(array::add);
    return array;
  }

  /**
   * Reads one value; an empty stream reads as a missing node.
   *
   * @throws IOException also for text that is not JSON
   */
  public static JsonNode read(InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(BYTES_MAX + 1);
    if (bytes.length > BYTES_MAX) {
      throw new IOException("the daemon's answer is longer than " + BYTES_MAX + " bytes");
    }
    return parse(new String(bytes, StandardCharsets.UTF_8));
  }

  /** Reads one value from {@code text}; blank text reads as a missing node. */
  public static JsonNode parse(String text) throws IOException {
    return text.isBlank() ? MissingNode.getInstance() : JsonReader.read(text);
  }

  /** {@code node} on one line. */
  public static String text(JsonNode node) {
    StringBuilder out = new StringBuilder();
    write(node, out, -1);
    return out.toString();
  }

  /** {@code node} over several lines, indented by four spaces. */
  public static String pretty(JsonNode node) {
    StringBuilder out = new StringBuilder();
    write(node, out, 0);
    return out.toString();
  }

  /**
   * @param depth how far to indent, or -1 for one line
   */
  private static void write(JsonNode node, StringBuilder out, int depth) {
    switch (node.getNodeType()) {
      case OBJECT -> object(node, out, depth);
      case ARRAY -> array(node, out, depth);
      case STRING -> quote(node.textValue(), out);
      case MISSING -> out.append("null");
      default -> out.append(node.asText());
    }
  }

  private static void object(JsonNode node, StringBuilder out, int depth) {
    out.append('{');
    boolean first = true;
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      separate(out, first, depth);
      first = false;
      quote(field.getKey(), out);
      out.append(depth < 0 ? ":" : ": ");
      write(field.getValue(), out, depth < 0 ? depth : depth + 1);
    }
    end(out, first, depth).append('}');
  }

  private static void array(JsonNode node, StringBuilder out, int depth) {
    out.append('[');
    boolean first = true;
    for (JsonNode item : node) {
      separate(out, first, depth);
      first = false;
      write(item, out, depth < 0 ? depth : depth + 1);
    }
    end(out, first, depth).append(']');
  }

  private static void separate(StringBuilder out, boolean first, int depth) {
    if (!first) {
      out.append(',');
    }
    if (depth >= 0) {
      out.append('\n').repeat(INDENT, depth + 1);
    }
  }

  private static StringBuilder end(StringBuilder out, boolean empty, int depth) {
    if (!empty && depth >= 0) {
      out.append('\n').repeat(INDENT, depth);
    }
    return out;
  }

  private static void quote(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < 0x20 || c == 0x7f) {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
