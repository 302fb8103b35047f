package dev.swarm.cli.client.render;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.List;

/** Formats durations and sizes for people, in Docker's words. */
public final class Units {
  private static final List<String> BINARY =
      List.of("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB");
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private Units() {}

  /** {@code About a minute}, {@code 32 seconds}, {@code 3 weeks}. */
  public static String human(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds < 1) {
      return "Less than a second";
    }
    if (seconds == 1) {
      return "1 second";
    }
    if (seconds < 60) {
      return seconds + " seconds";
    }
    long minutes = duration.toMinutes();
    if (minutes < 60) {
      return minutes == 1 ? "About a minute" : minutes + " minutes";
    }
    return days(Math.round(duration.toSeconds() / 3600.0));
  }

  private static String days(long hours) {
    if (hours == 1) {
      return "About an hour";
    }
    if (hours < 48) {
      return hours + " hours";
    }
    if (hours < 24 * 7 * 2) {
      return hours / 24 + " days";
    }
    if (hours < 24 * 30 * 2) {
      return hours / 24 / 7 + " weeks";
    }
    return hours < 24 * 365 * 2 ? hours / 24 / 30 + " months" : hours / 24 / 365 + " years";
  }

  /** Four significant digits and a binary unit: {@code 1.952GiB}. */
  public static String bytes(long bytes) {
    double size = bytes;
    int unit = 0;
    while (size >= 1024 && unit < BINARY.size() - 1) {
      size /= 1024;
      unit++;
    }
    return number(new BigDecimal(size).round(new MathContext(4))) + BINARY.get(unit);
  }

  /** A decimal number without needless zeros. */
  public static String number(BigDecimal number) {
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }

  /** Go's way of writing a duration: {@code 2160h0m0s}, {@code 1.5s}, {@code 4ns}. */
  public static String goDuration(long nanos) {
    if (nanos == 0) {
      return "0s";
    }
    String sign = nanos < 0 ? "-" : "";
    BigDecimal total = BigDecimal.valueOf(nanos).abs();
    if (total.compareTo(BigDecimal.valueOf(NANOS_PER_SECOND)) < 0) {
      return sign + small(total.longValueExact());
    }
    long whole =
        total.toBigInteger().divide(java.math.BigInteger.valueOf(NANOS_PER_SECOND)).longValue();
    BigDecimal rest =
        total.subtract(BigDecimal.valueOf(whole).multiply(BigDecimal.valueOf(NANOS_PER_SECOND)));
    String seconds = number(BigDecimal.valueOf(whole % 60).add(rest.movePointLeft(9))) + "s";
    long minutes = whole / 60;
    if (minutes == 0) {
      return sign + seconds;
    }
    return sign + (minutes < 60 ? "" : minutes / 60 + "h") + minutes % 60 + "m" + seconds;
  }

  private static String small(long nanos) {
    if (nanos < 1_000) {
      return nanos + "ns";
    }
    return nanos < 1_000_000
        ? number(BigDecimal.valueOf(nanos, 3)) + "µs"
        : number(BigDecimal.valueOf(nanos, 6)) + "ms";
  }
}
