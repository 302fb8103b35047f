package dev.swarm.cli.client.render;

import com.fasterxml.jackson.databind.JsonNode;
import dev.swarm.cli.http.Json;
import dev.swarm.core.template.Nothing;
import dev.swarm.core.template.Template;
import dev.swarm.core.template.TemplateError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Template given with {@code --format}. Immutable. */
public final class Format {
  /** Functions that only shape their first argument, and so leave a table's head as it is. */
  private static final Set<String> SHAPING =
      Set.of("json", "split", "join", "title", "lower", "upper", "truncate", "println");

  private final String source;
  private final Template template;

  private Format(String source, Template template) {
    this.source = source;
    this.template = template;
  }

  /**
   * @throws TemplateError saying where and why
   */
  public static Format parse(String source) {
    return new Format(source, Template.parse(source, Map.of("json", Format::json)));
  }

  /**
   * Renders {@code data}. A field it does not have reads as empty when the Engine API may leave one
   * of that name out.
   *
   * @throws TemplateError when the template asks for any other field that is not there
   */
  public String render(JsonNode data) {
    return template.render(
        plain(data), (name, inMap) -> inMap && EngineFields.known(name) ? Nothing.ABSENT : null);
  }

  /** Renders a table's head: a field without a head of its own gets its name. */
  public String renderHead(JsonNode heads) {
    Map<String, Template.Function> unshaped = new LinkedHashMap<>();
    SHAPING.forEach(name -> unshaped.put(name, a -> a.isEmpty() ? "" : a.getFirst()));
    return Template.parse(source, unshaped).render(plain(heads), (name, inMap) -> name);
  }

  private static String json(List<Object> arguments) {
    if (arguments.size() != 1) {
      throw new IllegalArgumentException(
          "wrong number of arguments: want 1, got " + arguments.size());
    }
    return Json.text(node(arguments.getFirst()));
  }

  private static Object plain(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT -> {
        Map<String, Object> map = new LinkedHashMap<>();
        node.properties().forEach(e -> map.put(e.getKey(), plain(e.getValue())));
        yield map;
      }
      case ARRAY -> {
        List<Object> list = new ArrayList<>();
        node.forEach(item -> list.add(plain(item)));
        yield list;
      }
      case BOOLEAN -> node.booleanValue();
      case NUMBER ->
          node.isIntegralNumber() && node.canConvertToLong()
              ? (Object) node.longValue()
              : node.decimalValue();
      case MISSING -> Nothing.ABSENT;
      case NULL -> Nothing.NIL;
      default -> node.asText();
    };
  }

  private static JsonNode node(Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        var object = Json.object();
        map.forEach((key, item) -> object.set(String.valueOf(key), node(item)));
        yield object;
      }
      case List<?> list -> {
        var array = Json.array();
        list.forEach(item -> array.add(node(item)));
        yield array;
      }
      case Boolean bool -> Json.object().booleanNode(bool);
      case Long number -> Json.object().numberNode(number);
      case java.math.BigDecimal number -> Json.object().numberNode(number);
      case Nothing none -> Json.object().nullNode();
      default -> Json.object().textNode(value.toString());
    };
  }
}
