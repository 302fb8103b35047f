package dev.swarm.cli.client.command.flag;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses counts, CPUs, bytes and ratios of flags. Readers throw {@link Unexpected}. */
public final class Numbers {
  private static final Pattern BYTES =
      Pattern.compile("(\\d{1,18}(?:\\.\\d{1,18})?) ?([kKmMgGtTpP]?)(?:[iI]?[bB])?");
  private static final String SIZE = "a size such as 512m or 2g (b, k, m, g, t or p)";
  private static final String CPUS = "a number of CPUs such as 1.5";
  public static final int PORT_MAX = 65_535;
  private static final int DECIMAL_LENGTH_MAX = 40;
  private static final BigDecimal NANO = BigDecimal.valueOf(1_000_000_000);

  private Numbers() {}

  public static long uint(String text) {
    long value = whole(text, "a whole number from 0");
    if (value < 0) {
      throw new Unexpected("a whole number from 0", text);
    }
    return value;
  }

  /** Decimal, or with a prefix 0x, 0o, 0b or 0. */
  public static long signed(String text) {
    return whole(text, "a whole number");
  }

  /** A port: 0 says that another is to be chosen. */
  public static int port(String text, int least) {
    String wanted = "a port from " + least + " to " + PORT_MAX;
    if (!text.matches("[0-9]{1,18}")) {
      throw new Unexpected(wanted, text);
    }
    long port = Long.parseLong(text);
    if (port < least || port > PORT_MAX) {
      throw new Unexpected(wanted, text);
    }
    return (int) port;
  }

  private static long whole(String text, String wanted) {
    boolean negative = text.startsWith("-");
    String digits = negative || text.startsWith("+") ? text.substring(1) : text;
    if (digits.isEmpty() || !Character.isLetterOrDigit(digits.charAt(0))) {
      throw new Unexpected(wanted, text);
    }
    try {
      long value = Long.parseLong(strip(digits), radix(digits));
      return negative ? -value : value;
    } catch (NumberFormatException e) {
      boolean tooLarge = digits.chars().allMatch(Character::isDigit);
      throw new Unexpected(tooLarge ? wanted + " below 2^63" : wanted, text);
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
    BigInteger nanos;
    try {
      nanos = decimal(text, CPUS).multiply(NANO).toBigIntegerExact();
    } catch (ArithmeticException e) {
      throw new Unexpected(CPUS + ", with at most nine decimals", text);
    }
    if (nanos.bitLength() > 62) {
      throw new Unexpected(CPUS + " below 4000000000", text);
    }
    return nanos.longValue();
  }

  /** Bytes with an optional binary unit: {@code 512m}, {@code 1.5GiB}. */
  public static long bytes(String text) {
    Matcher size = BYTES.matcher(text);
    if (!size.matches()) {
      throw new Unexpected(SIZE, text);
    }
    String unit = size.group(2).toLowerCase(Locale.ROOT);
    int power = unit.isEmpty() ? 0 : "kmgtp".indexOf(unit) + 1;
    BigDecimal bytes =
        new BigDecimal(size.group(1)).multiply(BigDecimal.valueOf(1L << (10 * power)));
    if (bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw new Unexpected("a size below 8192 PiB", text);
    }
    return bytes.longValue();
  }

  /** As {@link #bytes}, with -1 for no limit. */
  public static long bytesOrUnlimited(String text) {
    return text.equals("-1") ? -1 : bytes(text);
  }

  /** A share such as {@code 0.25}. */
  public static BigDecimal ratio(String text) {
    return decimal(text, "a share such as 0.25");
  }

  private static BigDecimal decimal(String text, String wanted) {
    try {
      return new BigDecimal(text.length() > DECIMAL_LENGTH_MAX ? "" : text);
    } catch (NumberFormatException e) {
      throw new Unexpected(wanted, text);
    }
  }
}
