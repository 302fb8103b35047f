package dev.swarm.cli.client.command.flag;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Parses Go's spelling of durations: {@code 1h30m}, {@code 1.5s}, {@code 300ms}, {@code 0}. */
public final class Durations {
  private static final int LENGTH_MAX = 64;

  private Durations() {}

  /**
   * @return nanoseconds, negative for a leading minus
   * @throws Unexpected for what is no duration
   */
  public static long parseNanos(String text) {
    if (text.length() > LENGTH_MAX) {
      throw invalid(text);
    }
    boolean negative = text.startsWith("-");
    String rest = negative || text.startsWith("+") ? text.substring(1) : text;
    if (rest.equals("0")) {
      return 0;
    }
    if (rest.isEmpty()) {
      throw invalid(text);
    }
    BigDecimal total = BigDecimal.ZERO;
    int at = 0;
    while (at < rest.length()) {
      int number = at;
      while (at < rest.length() && isNumeric(rest.charAt(at))) {
        at++;
      }
      int unit = at;
      while (at < rest.length() && !isNumeric(rest.charAt(at))) {
        at++;
      }
      total =
          total.add(
              number(text, rest.substring(number, unit)).multiply(unit(text, rest, unit, at)));
    }
    if (total.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw invalid(text);
    }
    long nanos = total.setScale(0, RoundingMode.DOWN).longValueExact();
    return negative ? -nanos : nanos;
  }

  /** As {@link #parseNanos}, but for a wait, which cannot be negative. */
  public static long parsePositiveNanos(String text) {
    long nanos = parseNanos(text);
    if (nanos < 0) {
      throw new Unexpected("a duration from 0", text);
    }
    return nanos;
  }

  private static boolean isNumeric(char c) {
    return (c >= '0' && c <= '9') || c == '.';
  }

  private static BigDecimal number(String text, String digits) {
    if (digits.isEmpty() || digits.equals(".") || digits.indexOf('.') != digits.lastIndexOf('.')) {
      throw invalid(text);
    }
    return new BigDecimal(digits);
  }

  private static BigDecimal unit(String text, String rest, int from, int to) {
    if (from == to) {
      throw new Unexpected(
          "a duration with its unit, such as " + text + "s or " + text + "m", text);
    }
    String unit = rest.substring(from, to);
    return switch (unit) {
      case "ns" -> BigDecimal.ONE;
      case "us", "µs", "μs" -> BigDecimal.valueOf(1_000);
      case "ms" -> BigDecimal.valueOf(1_000_000);
      case "s" -> BigDecimal.valueOf(1_000_000_000);
      case "m" -> BigDecimal.valueOf(60_000_000_000L);
      case "h" -> BigDecimal.valueOf(3_600_000_000_000L);
      default -> throw invalid(text);
    };
  }

  private static Unexpected invalid(String text) {
    return new Unexpected("a duration such as 1h30m, 10s or 300ms (ns, us, ms, s, m, h)", text);
  }
}
