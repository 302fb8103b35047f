package dev.swarm.core.template;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The functions a template may call: Go's own, those Docker adds and its host's. */
final class Functions {
  private static final String NAMES =
      " upper lower title truncate join split pad println print printf len index"
          + " eq ne lt le gt ge and or not ";

  private final Map<String, Template.Function> more;

  Functions(Map<String, Template.Function> more) {
    this.more = Map.copyOf(more);
  }

  boolean exists(String name) {
    return more.containsKey(name) || NAMES.contains(" " + name + " ");
  }

  /**
   * Calls {@code name}, which exists.
   *
   * @throws IllegalArgumentException with a reason, when the arguments do not suit it
   */
  Object call(String name, List<Object> arguments) {
    Template.Function own = more.get(name);
    return own == null ? builtIn(name, arguments) : own.call(arguments);
  }

  private static Object builtIn(String name, List<Object> a) {
    return switch (name) {
      case "upper" -> string(arg(a, 0, 1)).toUpperCase(Locale.ROOT);
      case "lower" -> string(arg(a, 0, 1)).toLowerCase(Locale.ROOT);
      case "title" -> title(string(arg(a, 0, 1)));
      case "truncate" -> truncate(string(arg(a, 0, 2)), integer(arg(a, 1, 2)));
      case "pad" -> pad(string(arg(a, 0, 3)), integer(arg(a, 1, 3)), integer(arg(a, 2, 3)));
      case "join" -> join(arg(a, 0, 2), string(arg(a, 1, 2)));
      case "split" -> split(string(arg(a, 0, 2)), string(arg(a, 1, 2)));
      case "print" -> print(a);
      case "println" -> String.join(" ", a.stream().map(Functions::show).toList()) + "\n";
      case "printf" -> printf(a);
      case "len" -> (long) length(arg(a, 0, 1));
      case "index" -> index(a);
      case "and" -> firstThat(a, false);
      case "or" -> firstThat(a, true);
      case "not" -> !truth(arg(a, 0, 1));
      case "eq" -> equalsAny(a);
      case "ne" -> !same(arg(a, 0, 2), arg(a, 1, 2));
      case "lt" -> compare(arg(a, 0, 2), arg(a, 1, 2)) < 0;
      case "le" -> compare(arg(a, 0, 2), arg(a, 1, 2)) <= 0;
      case "gt" -> compare(arg(a, 0, 2), arg(a, 1, 2)) > 0;
      case "ge" -> compare(arg(a, 0, 2), arg(a, 1, 2)) >= 0;
      default -> throw new IllegalStateException("no function " + name);
    };
  }

  /** How Go prints it: maps as {@code map[a:b]}, lists as {@code [a b]}. */
  static String show(Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        Map<String, String> sorted = new TreeMap<>();
        map.forEach((key, item) -> sorted.put(String.valueOf(key), show(item)));
        List<String> pairs = new ArrayList<>();
        sorted.forEach((key, item) -> pairs.add(key + ":" + item));
        yield "map[" + String.join(" ", pairs) + "]";
      }
      case List<?> list ->
          "[" + String.join(" ", list.stream().map(Functions::show).toList()) + "]";
      case Nothing.ABSENT -> "";
      case Nothing.NIL -> "<nil>";
      case BigDecimal number -> number.toPlainString();
      default -> value.toString();
    };
  }

  /** Whether an {@code if} takes it: not empty, not zero, not false. */
  static boolean truth(Object value) {
    return switch (value) {
      case Map<?, ?> map -> !map.isEmpty();
      case List<?> list -> !list.isEmpty();
      case String text -> !text.isEmpty();
      case Long number -> number != 0;
      case BigDecimal number -> number.signum() != 0;
      case Boolean bool -> bool;
      default -> false;
    };
  }

  private static Object arg(List<Object> arguments, int index, int count) {
    if (arguments.size() != count) {
      throw new IllegalArgumentException(
          "wrong number of arguments: want " + count + ", got " + arguments.size());
    }
    return arguments.get(index);
  }

  private static String string(Object value) {
    return switch (value) {
      case String text -> text;
      case Nothing.ABSENT -> "";
      default -> throw new IllegalArgumentException("expected string; found " + show(value));
    };
  }

  private static int integer(Object value) {
    if (value instanceof Long number && number == number.intValue()) {
      return number.intValue();
    }
    throw new IllegalArgumentException("expected integer; found " + show(value));
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

  private static String join(Object list, String separator) {
    return switch (list) {
      case Nothing none -> "";
      case List<?> items -> String.join(separator, items.stream().map(Functions::show).toList());
      default -> throw new IllegalArgumentException("expected a list; found " + show(list));
    };
  }

  private static List<String> split(String text, String separator) {
    return separator.isEmpty()
        ? text.codePoints().mapToObj(Character::toString).toList()
        : List.of(text.split(Pattern.quote(separator), -1));
  }

  /** As Go's Print: a space between two values when neither is a string. */
  private static String print(List<Object> values) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < values.size(); i++) {
      if (i > 0 && !(values.get(i) instanceof String) && !(values.get(i - 1) instanceof String)) {
        out.append(' ');
      }
      out.append(show(values.get(i)));
    }
    return out.toString();
  }

  private static String printf(List<Object> arguments) {
    if (arguments.isEmpty()) {
      throw new IllegalArgumentException("printf needs a format");
    }
    return Printf.format(string(arguments.getFirst()), arguments.subList(1, arguments.size()));
  }

  private static int length(Object value) {
    return switch (value) {
      case Map<?, ?> map -> map.size();
      case List<?> list -> list.size();
      case String text -> text.getBytes(StandardCharsets.UTF_8).length;
      case Nothing none -> 0;
      default -> throw new IllegalArgumentException("len of " + show(value));
    };
  }

  private static Object index(List<Object> arguments) {
    if (arguments.isEmpty()) {
      throw new IllegalArgumentException("index needs a map or a list");
    }
    Object value = arguments.getFirst();
    for (Object key : arguments.subList(1, arguments.size())) {
      value = item(value, key);
    }
    return value;
  }

  private static Object item(Object of, Object key) {
    return switch (of) {
      case List<?> list -> {
        int at = integer(key);
        if (at < 0 || at >= list.size()) {
          throw new IllegalArgumentException("index out of range: " + at);
        }
        yield list.get(at);
      }
      case Map<?, ?> map -> {
        Object value = map.get(string(key));
        yield value == null ? Nothing.ABSENT : value;
      }
      case Nothing.ABSENT -> of;
      default -> throw new IllegalArgumentException("can't index " + show(of));
    };
  }

  private static Object firstThat(List<Object> arguments, boolean truth) {
    if (arguments.isEmpty()) {
      throw new IllegalArgumentException("wrong number of arguments: want at least 1, got 0");
    }
    for (Object value : arguments) {
      if (truth(value) == truth) {
        return value;
      }
    }
    return arguments.getLast();
  }

  private static boolean equalsAny(List<Object> arguments) {
    if (arguments.size() < 2) {
      throw new IllegalArgumentException("missing argument for comparison");
    }
    return arguments.stream().skip(1).anyMatch(other -> same(arguments.getFirst(), other));
  }

  private static boolean same(Object a, Object b) {
    if (isNumber(a) && isNumber(b)) {
      return decimal(a).compareTo(decimal(b)) == 0;
    }
    if (a == Nothing.ABSENT || b == Nothing.ABSENT) {
      return !truth(a) && !truth(b);
    }
    return a.equals(b);
  }

  private static int compare(Object a, Object b) {
    if (isNumber(a) && isNumber(b)) {
      return decimal(a).compareTo(decimal(b));
    }
    if (a instanceof String first && b instanceof String second) {
      return first.compareTo(second);
    }
    throw new IllegalArgumentException("incompatible types for comparison");
  }

  private static boolean isNumber(Object value) {
    return value instanceof Long || value instanceof BigDecimal;
  }

  static BigDecimal decimal(Object value) {
    return switch (value) {
      case Long number -> BigDecimal.valueOf(number);
      case BigDecimal number -> number;
      default -> throw new IllegalArgumentException("expected number; found " + show(value));
    };
  }
}
