package dev.swarm.cli.client.command.stack;

import dev.swarm.cli.client.command.stack.Value.Kind;
import dev.swarm.cli.client.command.stack.Value.Mapping;
import dev.swarm.cli.client.command.stack.Value.Scalar;
import dev.swarm.cli.client.command.stack.Value.Sequence;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Substitutes variables in the strings of a file: {@code $NAME}, {@code ${NAME}}, with a default
 * ({@code :-} or {@code -}), required ({@code :?} or {@code ?}) or replaced when set ({@code :+} or
 * {@code +}). {@code $$} is a dollar sign. Braces may stand within a default; a default in which a
 * dollar sign begins neither is taken as it stands.
 */
final class Interpolation {
  private static final Pattern NAME = Pattern.compile("[_a-zA-Z][_a-zA-Z0-9]*");
  private static final Pattern OPERATOR = Pattern.compile(":?[-?+]");
  private static final int DEPTH_MAX = 16;

  private final Map<String, String> variables;

  /**
   * @param variables the caller's environment
   */
  Interpolation(Map<String, String> variables) {
    this.variables = variables;
  }

  Value apply(Value value) {
    return switch (value) {
      case Scalar scalar -> scalar(scalar);
      case Sequence sequence ->
          new Sequence(sequence.place(), sequence.items().stream().map(this::apply).toList());
      case Mapping mapping -> mapping(mapping);
    };
  }

  Mapping mapping(Mapping mapping) {
    Map<String, Value> entries = new LinkedHashMap<>();
    mapping.entries().forEach((key, value) -> entries.put(key, apply(value)));
    return new Mapping(mapping.place(), entries, mapping.keys());
  }

  private Scalar scalar(Scalar scalar) {
    if (scalar.kind() != Kind.TEXT || scalar.text().indexOf('$') < 0) {
      return scalar;
    }
    String text = substitute(scalar.text(), scalar.place(), 0);
    return new Scalar(scalar.place(), Kind.TEXT, text, true);
  }

  private String substitute(String text, Place place, int depth) {
    if (depth > DEPTH_MAX) {
      throw place.error("variables are nested too deeply");
    }
    StringBuilder out = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c != '$') {
        out.append(c);
        at++;
      } else if (text.startsWith("$$", at)) {
        out.append('$');
        at += 2;
      } else if (text.startsWith("${", at)) {
        int end = closing(text, at, place);
        out.append(braced(text.substring(at + 2, end), text, place, depth));
        at = end + 1;
      } else {
        Matcher name = NAME.matcher(text).region(at + 1, text.length());
        if (!name.lookingAt()) {
          throw invalid(text, place);
        }
        out.append(variables.getOrDefault(name.group(), ""));
        at = name.end();
      }
    }
    return out.toString();
  }

  /** Whether every dollar sign in {@code text} begins what it may. */
  private static boolean isTemplate(String text) {
    for (int at = text.indexOf('$'); at >= 0; at = text.indexOf('$', at)) {
      Matcher name = NAME.matcher(text).region(at + 1, text.length());
      if (text.startsWith("$$", at)) {
        at += 2;
      } else if (text.startsWith("${", at)) {
        int end = end(text, at);
        if (end < 0) {
          return false;
        }
        at = end + 1;
      } else if (name.lookingAt()) {
        at = name.end();
      } else {
        return false;
      }
    }
    return true;
  }

  private static int closing(String text, int from, Place place) {
    int end = end(text, from);
    if (end < 0) {
      throw invalid(text, place);
    }
    return end;
  }

  /** Where what begins at {@code from} is closed, or -1. */
  private static int end(String text, int from) {
    int open = 0;
    for (int at = from + 1; at < text.length(); at++) {
      if (text.charAt(at) == '{' && text.charAt(at - 1) == '$') {
        open++;
      } else if (text.charAt(at) == '}' && --open == 0) {
        return at;
      }
    }
    return -1;
  }

  private String braced(String inner, String whole, Place place, int depth) {
    Matcher name = NAME.matcher(inner);
    if (!name.lookingAt()) {
      throw invalid(whole, place);
    }
    String value = variables.get(name.group());
    if (name.end() == inner.length()) {
      return value == null ? "" : value;
    }
    Matcher operator = OPERATOR.matcher(inner).region(name.end(), inner.length());
    if (!operator.lookingAt()) {
      throw invalid(whole, place);
    }
    String rest = inner.substring(operator.end());
    // A hash with its dollar signs is nobody's variable, and part of it might be taken for one.
    String word = isTemplate(rest) ? substitute(rest, place, depth + 1) : rest;
    return choose(name.group(), value, operator.group(), word, place);
  }

  private static String choose(
      String name, @Nullable String value, String operator, String word, Place place) {
    boolean there = value != null && !(operator.startsWith(":") && value.isEmpty());
    return switch (operator.charAt(operator.length() - 1)) {
      case '-' -> there && value != null ? value : word;
      case '+' -> there ? word : "";
      default -> {
        if (!there || value == null) {
          throw place.error(
              "required variable "
                  + name
                  + " is missing a value"
                  + (word.isEmpty() ? "" : ": " + word)
                  + "; set it in the environment of this command");
        }
        yield value;
      }
    };
  }

  private static ComposeError invalid(String text, Place place) {
    return place.error(
        "invalid interpolation format: \"" + text + "\"; write $$ for a dollar sign");
  }
}
