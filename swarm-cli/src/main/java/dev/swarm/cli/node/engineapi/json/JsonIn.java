package dev.swarm.cli.node.engineapi.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A value in a client's JSON, with its path for error messages.
 *
 * @param path as in {@code TaskTemplate.Networks[0].Target}; empty for the whole body
 */
public record JsonIn(JsonNode node, String path, Reading reading) {

  /**
   * What holds for one whole body: the API version it is written in, and which fields nobody knew.
   */
  public record Reading(int apiMinor, List<String> unknown) {
    private static final int UNKNOWN_MAX = 20;

    void addUnknown(String path) {
      if (unknown.size() < UNKNOWN_MAX) {
        unknown.add(path);
      }
    }
  }

  /**
   * The top of a body.
   *
   * @param apiMinor the n of API version 1.n: fields that came later are not read
   */
  public static JsonIn body(JsonNode node, int apiMinor) {
    return new JsonIn(node, "", new Reading(apiMinor, new ArrayList<>()));
  }

  /** Paths of fields that were not understood, at most 20. Complete once the body has been read. */
  public List<String> unknownFields() {
    return List.copyOf(reading.unknown());
  }

  public BadJson bad(String what) {
    return BadJson.at(path, what);
  }

  BadJson expected(String what) {
    return bad("expected " + what + ", got " + kind());
  }

  public boolean isNull() {
    return node.isNull() || node.isMissingNode();
  }

  public Members members() {
    if (!(node instanceof ObjectNode object)) {
      throw expected("an object");
    }
    return new Members(object);
  }

  public List<JsonIn> elements() {
    if (!node.isArray()) {
      throw expected("a list");
    }
    List<JsonIn> all = new ArrayList<>(node.size());
    for (int i = 0; i < node.size(); i++) {
      all.add(new JsonIn(node.get(i), path + "[" + i + "]", reading));
    }
    return all;
  }

  /** An object whose names are the user's own, such as labels. */
  Map<String, JsonIn> entries() {
    if (!node.isObject()) {
      throw expected("an object");
    }
    Map<String, JsonIn> entries = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      String key = entry.getKey();
      entries.put(key, new JsonIn(entry.getValue(), path + "." + key, reading));
    }
    return entries;
  }

  private String kind() {
    return switch (node.getNodeType()) {
      case ARRAY -> "a list";
      case BOOLEAN -> "a boolean";
      case NUMBER -> "the number " + node.asText();
      case OBJECT -> "an object";
      case STRING -> "a string";
      case NULL, MISSING -> "null";
      case BINARY, POJO -> "something else";
    };
  }

  /** The fields of one JSON object; names match as in Go's decoder, exactly or else in any case. */
  public final class Members {
    private final ObjectNode object;
    private final Set<String> used = new HashSet<>();
    private final Map<String, String> anyCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    private Members(ObjectNode object) {
      this.object = object;
      object.fieldNames().forEachRemaining(name -> anyCase.put(name, name));
    }

    /** The field, unless it is absent or null. */
    public Optional<JsonIn> get(String name) {
      String actual = object.has(name) ? name : anyCase.getOrDefault(name, name);
      used.add(actual);
      JsonNode value = object.path(actual);
      return value.isMissingNode() || value.isNull()
          ? Optional.empty()
          : Optional.of(new JsonIn(value, child(name), reading));
    }

    public BadJson bad(String name, String what) {
      return BadJson.at(child(name), what);
    }

    public JsonIn parent() {
      return JsonIn.this;
    }

    void reportUnknown() {
      for (String name : anyCase.values()) {
        if (!used.contains(name)) {
          reading.addUnknown(child(name));
        }
      }
    }

    private String child(String name) {
      return path.isEmpty() ? name : path + "." + name;
    }
  }
}
