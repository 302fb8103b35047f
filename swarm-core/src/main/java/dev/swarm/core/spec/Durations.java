package dev.swarm.core.spec;

import com.google.protobuf.Timestamp;
import java.time.Duration;
import java.time.Instant;

/**
 * Converts times and durations between their wire form and Java's. Whatever the wire says becomes a
 * time with which one can calculate: what lies outside the years that the wire form is defined for
 * becomes the first or the last of them, so that no sum of two such times overflows.
 */
public final class Durations {
  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

  /** Ten thousand years; protobuf's own bound. */
  private static final long SECONDS_MAX = 315_576_000_000L;

  private static final int NANOS_MAX = 999_999_999;

  private Durations() {}

  public static Duration toJava(com.google.protobuf.Duration wire) {
    long seconds = Math.clamp(wire.getSeconds(), -SECONDS_MAX, SECONDS_MAX);
    return Duration.ofSeconds(seconds, wire.getNanos());
  }

  public static com.google.protobuf.Duration toWire(Duration duration) {
    return com.google.protobuf.Duration.newBuilder()
        .setSeconds(duration.getSeconds())
        .setNanos(duration.getNano())
        .build();
  }

  public static Instant toJava(Timestamp wire) {
    long seconds = Math.clamp(wire.getSeconds(), FIRST.getEpochSecond(), LAST.getEpochSecond());
    return Instant.ofEpochSecond(seconds, Math.clamp(wire.getNanos(), 0, NANOS_MAX));
  }

  public static Timestamp toWire(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }

  /** Whether the wire form is one that protobuf defines. */
  public static boolean isValid(Timestamp wire) {
    return wire.getSeconds() >= FIRST.getEpochSecond()
        && wire.getSeconds() <= LAST.getEpochSecond()
        && wire.getNanos() >= 0
        && wire.getNanos() <= NANOS_MAX;
  }

  /** Whether the wire form is one that protobuf defines. */
  public static boolean isValid(com.google.protobuf.Duration wire) {
    long seconds = wire.getSeconds();
    int nanos = wire.getNanos();
    return Math.abs((double) seconds) <= SECONDS_MAX
        && Math.abs((long) nanos) <= NANOS_MAX
        && !(seconds > 0 && nanos < 0)
        && !(seconds < 0 && nanos > 0);
  }
}
