package dev.swarm.cli.render;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.swarm.cli.client.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The functions a template may call: Go's own and those Docker adds. */
final class TemplateFunctions {
  private static final String NAMES =
      " json upper lower title truncate join split pad println print printf len index"
          + " eq ne lt le gt ge and or not ";

  private TemplateFunctions() {}

  static boolean exists(String name) {
    return NAMES.contains(" " + name + " ");
  }

  /**
   * Calls {@code name}, which exists.
   *
   * @throws IllegalArgumentException with a reason, when the arguments do not suit it
   */
  static JsonNode call(String name, List<JsonNode> a) {
    return switch (name) {
      case "json" -> text(Json.text(arg(a, 0, 1)));
      case "upper" -> text(string(arg(a, 0, 1)).toUpperCase(Locale.ROOT));
      case "lower" -> text(string(arg(a, 0, 1)).toLowerCase(Locale.ROOT));
      case "title" -> text(title(string(arg(a, 0, 1))));
      case "truncate" -> text(truncate(string(arg(a, 0, 2)), integer(arg(a, 1, 2))));
      case "pad" -> text(pad(string(arg(a, 0, 3)), integer(arg(a, 1, 3)), integer(arg(a, 2, 3))));
      case "join" -> text(join(arg(a, 0, 2), string(arg(a, 1, 2))));
      case "split" -> split(string(arg(a, 0, 2)), string(arg(a, 1, 2)));
      case "print" -> text(print(a));
      case "println" ->
          text(String.join(" ", a.stream().map(TemplateFunctions::show).toList()) + "\n");
      case "printf" -> text(printf(a));
      case "len" -> LongNode.valueOf(length(arg(a, 0, 1)));
      case "index" -> index(a);
      case "and" -> firstThat(a, false);
      case "or" -> firstThat(a, true);
      case "not" -> BooleanNode.valueOf(!truth(arg(a, 0, 1)));
      case "eq" -> BooleanNode.valueOf(equalsAny(a));
      case "ne" -> BooleanNode.valueOf(!same(arg(a, 0, 2), arg(a, 1, 2)));
      case "lt" -> BooleanNode.valueOf(compare(arg(a, 0, 2), arg(a, 1, 2)) < 0);
      case "le" -> BooleanNode.valueOf(compare(arg(a, 0, 2), arg(a, 1, 2)) <= 0);
      case "gt" -> BooleanNode.valueOf(compare(arg(a, 0, 2), arg(a, 1, 2)) > 0);
      case "ge" -> BooleanNode.valueOf(compare(arg(a, 0, 2), arg(a, 1, 2)) >= 0);
      default -> throw new IllegalStateException("no function " + name);
    };
  }

  /** How Go prints it: maps as {@code map[a:b]}, lists as {@code [a b]}. */
  static String show(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT -> {
        Map<String, String> sorted = new TreeMap<>();
        node.properties().forEach(e -> sorted.put(e.getKey(), show(e.getValue())));
        List<String> pairs = new ArrayList<>();
        sorted.forEach((key, value) -> pairs.add(key + ":" + value));
        yield "map[" + String.join(" ", pairs) + "]";
      }
      case ARRAY -> {
        List<String> items = new ArrayList<>();
        node.forEach(item -> items.add(show(item)));
        yield "[" + String.join(" ", items) + "]";
      }
      case MISSING -> "";
      case NULL -> "<nil>";
      default -> node.asText();
    };
  }

  /** Whether an {@code if} takes it: not empty, not zero, not false. */
  static boolean truth(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT, ARRAY -> !node.isEmpty();
      case STRING -> !node.textValue().isEmpty();
      case NUMBER -> node.decimalValue().signum() != 0;
      case BOOLEAN -> node.booleanValue();
      default -> false;
    };
  }

  private static JsonNode arg(List<JsonNode> arguments, int index, int count) {
    if (arguments.size() != count) {
      throw new IllegalArgumentException(
          "wrong number of arguments: want " + count + ", got " + arguments.size());
    }
    return arguments.get(index);
  }

  private static JsonNode text(String text) {
    return new TextNode(text);
  }

  private static String string(JsonNode node) {
    if (node.isTextual() || node.isMissingNode()) {
      return node.asText();
    }
    throw new IllegalArgumentException("expected string; found " + show(node));
  }

  private static int integer(JsonNode node) {
    if (node.isIntegralNumber() && node.canConvertToInt()) {
      return node.intValue();
    }
    throw new IllegalArgumentException("expected integer; found " + show(node));
  }

  private static String title(String text) {
    return text.isEmpty()
        ? text
        : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  private static String truncate(String text, int length) {
    if (length < 0 || text.codePointCount(0, text.length()) <= length) {
      return text;
    }
    return text.substring(0, text.offsetByCodePoints(0, length));
  }

  private static String pad(String text, int before, int after) {
    if (text.isEmpty()) {
      return text;
    }
    if (before < 0 || after < 0 || before > 10_000 || after > 10_000) {
      throw new IllegalArgumentException("padding out of range");
    }
    return " ".repeat(before) + text + " ".repeat(after);
  }

  private static String join(JsonNode list, String separator) {
    if (list.isMissingNode() || list.isNull()) {
      return "";
    }
    if (!list.isArray()) {
      throw new IllegalArgumentException("expected a list; found " + show(list));
    }
    List<String> items = new ArrayList<>();
    list.forEach(item -> items.add(show(item)));
    return String.join(separator, items);
  }

  private static JsonNode split(String text, String separator) {
    return separator.isEmpty()
        ? Json.strings(text.codePoints().mapToObj(Character::toString).toList())
        : Json.strings(List.of(text.split(java.util.regex.Pattern.quote(separator), -1)));
  }

  /** As Go's Print: a space between two values when neither is a string. */
  private static String print(List<JsonNode> values) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < values.size(); i++) {
      if (i > 0 && !values.get(i).isTextual() && !values.get(i - 1).isTextual()) {
        out.append(' ');
      }
      out.append(show(values.get(i)));
    }
    return out.toString();
  }

  private static String printf(List<JsonNode> arguments) {
    if (arguments.isEmpty()) {
      throw new IllegalArgumentException("printf needs a format");
    }
    return Printf.format(string(arguments.getFirst()), arguments.subList(1, arguments.size()));
  }

  private static int length(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT, ARRAY -> node.size();
      case STRING -> node.textValue().getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
      case MISSING, NULL -> 0;
      default -> throw new IllegalArgumentException("len of " + show(node));
    };
  }

  private static JsonNode index(List<JsonNode> arguments) {
    if (arguments.isEmpty()) {
      throw new IllegalArgumentException("index needs a map or a list");
    }
    JsonNode value = arguments.getFirst();
    for (JsonNode key : arguments.subList(1, arguments.size())) {
      if (value.isArray()) {
        int at = integer(key);
        if (at < 0 || at >= value.size()) {
          throw new IllegalArgumentException("index out of range: " + at);
        }
        value = value.path(at);
      } else if (value.isObject() || value.isMissingNode()) {
        value = value.path(string(key));
      } else {
        throw new IllegalArgumentException("can't index " + show(value));
      }
    }
    return value;
  }

  private static JsonNode firstThat(List<JsonNode> arguments, boolean truth) {
    if (arguments.isEmpty()) {
      throw new IllegalArgumentException("wrong number of arguments: want at least 1, got 0");
    }
    for (JsonNode value : arguments) {
      if (truth(value) == truth) {
        return value;
      }
    }
    return arguments.getLast();
  }

  private static boolean equalsAny(List<JsonNode> arguments) {
    if (arguments.size() < 2) {
      throw new IllegalArgumentException("missing argument for comparison");
    }
    return arguments.stream().skip(1).anyMatch(other -> same(arguments.getFirst(), other));
  }

  private static boolean same(JsonNode a, JsonNode b) {
    if (a.isNumber() && b.isNumber()) {
      return a.decimalValue().compareTo(b.decimalValue()) == 0;
    }
    if (a.isMissingNode() || b.isMissingNode()) {
      return !truth(a) && !truth(b);
    }
    return a.equals(b);
  }

  private static int compare(JsonNode a, JsonNode b) {
    if (a.isNumber() && b.isNumber()) {
      return a.decimalValue().compareTo(b.decimalValue());
    }
    if (a.isTextual() && b.isTextual()) {
      return a.textValue().compareTo(b.textValue());
    }
    throw new IllegalArgumentException("incompatible types for comparison");
  }
}
