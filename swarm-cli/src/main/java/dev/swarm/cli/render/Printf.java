package dev.swarm.cli.render;

import com.fasterxml.jackson.databind.JsonNode;
import dev.swarm.cli.client.Json;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The part of Go's Printf that templates use: %s %v %d %q %t %x %f with width and precision. */
final class Printf {
  private static final Pattern VERB =
      Pattern.compile("%(-?)(0?)(\\d{0,4})(?:\\.(\\d{1,3}))?([a-zA-Z%]?)");

  private Printf() {}

  static String format(String format, List<JsonNode> arguments) {
    StringBuilder out = new StringBuilder();
    Matcher verb = VERB.matcher(format);
    int used = 0;
    int from = 0;
    while (verb.find()) {
      out.append(format, from, verb.start());
      from = verb.end();
      if (verb.group(5).equals("%")) {
        out.append('%');
      } else if (used >= arguments.size()) {
        out.append("%!").append(verb.group(5)).append("(MISSING)");
      } else {
        out.append(padded(verb, value(verb, arguments.get(used++))));
      }
    }
    out.append(format.substring(from));
    return out.toString();
  }

  private static String value(Matcher verb, JsonNode argument) {
    String precision = verb.group(4);
    return switch (verb.group(5)) {
      case "s", "v", "d", "t" ->
          precision == null
              ? TemplateFunctions.show(argument)
              : cut(TemplateFunctions.show(argument), Integer.parseInt(precision));
      case "q" -> Json.text(argument);
      case "x" -> Long.toHexString(argument.asLong());
      case "f" ->
          String.format("%." + (precision == null ? "6" : precision) + "f", argument.asDouble());
      default -> throw new IllegalArgumentException("printf does not know %" + verb.group(5));
    };
  }

  private static String cut(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length);
  }

  private static String padded(Matcher verb, String text) {
    int width = verb.group(3).isEmpty() ? 0 : Integer.parseInt(verb.group(3));
    String padding =
        (verb.group(2).isEmpty() ? " " : "0").repeat(Math.max(0, width - text.length()));
    return verb.group(1).isEmpty() ? padding + text : text + " ".repeat(padding.length());
  }
}
