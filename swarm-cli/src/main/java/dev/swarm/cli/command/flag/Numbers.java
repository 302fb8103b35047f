package dev.swarm.cli.command.flag;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How flags spell counts, CPUs, bytes and ratios. Every reader throws with a reason. */
public final class Numbers {
  private static final Pattern BYTES =
      Pattern.compile("(\\d{1,18}(?:\\.\\d{1,18})?) ?([kKmMgGtTpP]?)(?:[iI]?[bB])?");
  private static final BigDecimal NANO = BigDecimal.valueOf(1_000_000_000);

  private Numbers() {}

  public static long uint(String text) {
    long value = signed(text);
    if (value < 0) {
      throw syntax("ParseUint", text, "invalid syntax");
    }
    return value;
  }

  /** Decimal, or with a prefix 0x, 0o, 0b or 0. */
  public static long signed(String text) {
    boolean negative = text.startsWith("-");
    String digits = negative || text.startsWith("+") ? text.substring(1) : text;
    try {
      if (digits.isEmpty() || !Character.isLetterOrDigit(digits.charAt(0))) {
        throw syntax("ParseInt", text, "invalid syntax");
      }
      long value = Long.parseLong(strip(digits), radix(digits));
      return negative ? -value : value;
    } catch (NumberFormatException e) {
      boolean tooLarge = digits.chars().allMatch(Character::isDigit);
      throw syntax("ParseInt", text, tooLarge ? "value out of range" : "invalid syntax");
    }
  }

  private static int radix(String digits) {
    String lower = digits.toLowerCase(Locale.ROOT);
    if (lower.startsWith("0x")) {
      return 16;
    }
    if (lower.startsWith("0b")) {
      return 2;
    }
    return lower.startsWith("0") && lower.length() > 1 ? 8 : 10;
  }

  private static String strip(String digits) {
    return digits.length() > 2 && digits.charAt(0) == '0' && Character.isLetter(digits.charAt(1))
        ? digits.substring(2)
        : digits;
  }

  /** CPUs as billionths: {@code 0.5} is 500 000 000. */
  public static long nanoCpus(String text) {
    BigDecimal cpus;
    try {
      cpus = new BigDecimal(text.length() > 40 ? "" : text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "failed to parse \"" + text + "\" as a rational number", e);
    }
    BigInteger nanos;
    try {
      nanos = cpus.multiply(NANO).toBigIntegerExact();
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("value is too precise", e);
    }
    if (nanos.bitLength() > 62) {
      throw new IllegalArgumentException("value is too large");
    }
    return nanos.longValue();
  }

  /** Bytes with an optional binary unit: {@code 512m}, {@code 1.5GiB}. */
  public static long bytes(String text) {
    Matcher size = BYTES.matcher(text);
    if (!size.matches()) {
      throw new IllegalArgumentException("invalid size: '" + text + "'");
    }
    String unit = size.group(2).toLowerCase(Locale.ROOT);
    int power = unit.isEmpty() ? 0 : "kmgtp".indexOf(unit) + 1;
    BigDecimal bytes =
        new BigDecimal(size.group(1)).multiply(BigDecimal.valueOf(1L << (10 * power)));
    if (bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw new IllegalArgumentException("invalid size: '" + text + "'");
    }
    return bytes.longValue();
  }

  /** As {@link #bytes}, with -1 for no limit. */
  public static long bytesOrUnlimited(String text) {
    return text.equals("-1") ? -1 : bytes(text);
  }

  /** A share such as {@code 0.25}. */
  public static BigDecimal ratio(String text) {
    try {
      return new BigDecimal(text.length() > 40 ? "" : text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "strconv.ParseFloat: parsing \"" + text + "\": invalid syntax", e);
    }
  }

  private static IllegalArgumentException syntax(String what, String text, String why) {
    return new IllegalArgumentException("strconv." + what + ": parsing \"" + text + "\": " + why);
  }
}
