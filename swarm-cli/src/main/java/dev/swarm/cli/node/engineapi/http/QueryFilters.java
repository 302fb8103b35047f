package dev.swarm.cli.node.engineapi.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Descriptors.EnumDescriptor;
import dev.swarm.cli.node.engineapi.json.EnumNames;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Parses the query parameter {@code filters}: {@code {"name":["web"]}} or {@code
 * {"name":{"web":true}}}.
 */
public record QueryFilters(Map<String, List<String>> values) {

  /**
   * @param accepted the names that this list knows
   * @throws ApiRejection 400 naming the filter that is not among them
   */
  public static QueryFilters of(Exchange exchange, Set<String> accepted) {
    QueryFilters filters = of(exchange);
    for (String name : filters.values.keySet()) {
      if (!accepted.contains(name)) {
        throw ApiRejection.badRequest(
            "invalid filter '"
                + name
                + "', must be one of "
                + String.join(", ", accepted.stream().sorted().toList()));
      }
    }
    return filters;
  }

  /** Whatever is asked for, known or not. */
  public static QueryFilters of(Exchange exchange) {
    return exchange
        .parameter("filters")
        .map(QueryFilters::parse)
        .orElse(new QueryFilters(Map.of()));
  }

  private static QueryFilters parse(String text) {
    JsonNode json;
    try {
      json = Body.parse(text);
    } catch (ApiRejection e) {
      throw ApiRejection.badRequest("invalid filter: " + e.sentence());
    }
    if (json.isNull()) {
      return new QueryFilters(Map.of());
    }
    if (!json.isObject()) {
      throw ApiRejection.badRequest("invalid filter: must be a JSON object of names and values");
    }
    Map<String, List<String>> values = new LinkedHashMap<>();
    json.properties().forEach(e -> values.put(e.getKey(), values(e.getKey(), e.getValue())));
    return new QueryFilters(values);
  }

  /** What clients have nothing in, they may send as null, as a whole or in part. */
  private static List<String> values(String name, JsonNode node) {
    List<String> values = new ArrayList<>();
    if (node.isObject()) {
      node.properties().forEach(e -> values.add(requireBoolean(name, e.getKey(), e.getValue())));
    } else if (node.isArray()) {
      node.forEach(
          value -> {
            if (!value.isNull()) {
              values.add(requireText(name, value));
            }
          });
    } else if (!node.isNull()) {
      throw ApiRejection.badRequest(
          "invalid filter '" + name + "': its values must be a list of strings");
    }
    return values;
  }

  private static String requireBoolean(String name, String key, JsonNode value) {
    if (!value.isBoolean() && !value.isNull()) {
      throw ApiRejection.badRequest(
          "invalid filter '" + name + "': the value of \"" + key + "\" must be true or false");
    }
    return key;
  }

  private static String requireText(String name, JsonNode value) {
    if (!value.isTextual()) {
      throw ApiRejection.badRequest(
          "invalid filter '" + name + "': its values must be a list of strings");
    }
    return value.textValue();
  }

  public boolean has(String name) {
    return values.containsKey(name);
  }

  public List<String> get(String name) {
    return values.getOrDefault(name, List.of());
  }

  /** Values of the form {@code key=value}, or a bare key. */
  public Map<String, String> pairs(String name) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String value : get(name)) {
      int equals = value.indexOf('=');
      pairs.put(
          equals < 0 ? value : value.substring(0, equals),
          equals < 0 ? "" : value.substring(equals + 1));
    }
    return pairs;
  }

  /** Values that name an enum's values, as the enum's numbers. */
  public IntStream numbers(String name, EnumDescriptor type) {
    EnumNames names = EnumNames.of(type);
    return get(name).stream()
        .filter(value -> !value.isEmpty())
        .mapToInt(
            value ->
                names
                    .find(value)
                    .orElseThrow(
                        () ->
                            ApiRejection.badRequest(
                                "invalid "
                                    + name
                                    + " filter: '"
                                    + value
                                    + "', must be one of "
                                    + names.choices()))
                    .getNumber());
  }
}
