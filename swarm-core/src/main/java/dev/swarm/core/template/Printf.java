package dev.swarm.core.template;

import java.math.RoundingMode;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The part of Go's Printf that templates use: %s %v %d %q %t %x %f with width and precision. */
final class Printf {
  private static final Pattern VERB =
      Pattern.compile("%(-?)(0?)(\\d{0,4})(?:\\.(\\d{1,3}))?([a-zA-Z%]?)");

  private Printf() {}

  static String format(String format, List<Object> arguments) {
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

  private static String value(Matcher verb, Object argument) {
    String precision = verb.group(4);
    return switch (verb.group(5)) {
      case "s", "v", "d", "t" ->
          precision == null
              ? Functions.show(argument)
              : cut(Functions.show(argument), Integer.parseInt(precision));
      case "q" -> quoted(Functions.show(argument));
      case "x" -> Functions.decimal(argument).toBigInteger().toString(16);
      case "f" ->
          Functions.decimal(argument)
              .setScale(precision == null ? 6 : Integer.parseInt(precision), RoundingMode.HALF_EVEN)
              .toPlainString();
      default -> throw new IllegalArgumentException("printf does not know %" + verb.group(5));
    };
  }

  private static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                  if (c < ' ' || c == 0x7f) {
                    out.append(String.format("\\x%02x", c));
                  } else {
                    out.appendCodePoint(c);
                  }
                }
              }
            });
    return out.append('"').toString();
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
