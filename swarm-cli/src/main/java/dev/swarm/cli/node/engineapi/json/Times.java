package dev.swarm.cli.node.engineapi.json;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;

/**
 * Converts times and durations to the Engine API's form and back: RFC 3339 in UTC, and nanoseconds.
 */
public final class Times {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

  private static final DateTimeFormatter TRIMMED = formatter(0);
  private static final DateTimeFormatter PADDED = formatter(9);

  private Times() {}

  /**
   * Fractions without trailing zeros. A time outside years 1 to 9999 counts as the nearest in it.
   */
  public static String rfc3339(Timestamp time) {
    return TRIMMED.format(instant(time));
  }

  /** Always nine digits of fraction, so that log lines align. */
  public static String rfc3339Padded(Timestamp time) {
    return PADDED.format(instant(time));
  }

  /** The nearest instant that has a four-digit year: a worker's clock may report anything. */
  static Instant instant(Timestamp time) {
    long seconds = Math.clamp(time.getSeconds(), FIRST.getEpochSecond(), LAST.getEpochSecond());
    return Instant.ofEpochSecond(
        seconds, Math.clamp(time.getNanos(), 0, (int) NANOS_PER_SECOND - 1));
  }

  static Duration duration(long nanos) {
    return Duration.newBuilder()
        .setSeconds(nanos / NANOS_PER_SECOND)
        .setNanos((int) (nanos % NANOS_PER_SECOND))
        .build();
  }

  /** Saturates at what a 64-bit number of nanoseconds holds, about 292 years. */
  static long nanos(Duration duration) {
    try {
      return Math.addExact(
          Math.multiplyExact(duration.getSeconds(), NANOS_PER_SECOND), duration.getNanos());
    } catch (ArithmeticException e) {
      return duration.getSeconds() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
  }

  private static DateTimeFormatter formatter(int minFraction) {
    return new DateTimeFormatterBuilder()
        .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
        .appendFraction(ChronoField.NANO_OF_SECOND, minFraction, 9, true)
        .appendLiteral('Z')
        .toFormatter()
        .withZone(ZoneOffset.UTC);
  }
}
