package dev.swarm.core.control;

import com.google.protobuf.Duration;
import com.google.protobuf.MessageLite;
import dev.swarm.core.plan.Rejection;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Elementary checks that the rules for specs are made of. Each returns empty when all is well. */
public final class Checks {
  public static final Optional<Rejection> OK = Optional.empty();

  /** Ten years: longer than anyone means, and far from where sums of times overflow. */
  private static final long DURATION_SECONDS_MAX = 10L * 365 * 24 * 3600;

  private static final int NANOS_PER_SECOND = 1_000_000_000;

  private Checks() {}

  public static Optional<Rejection> refuseIf(boolean wrong, String message) {
    return wrong ? Optional.of(Refuse.invalid(message)) : OK;
  }

  /** The first complaint about any of {@code all}. */
  public static <T> Optional<Rejection> each(
      Collection<? extends T> all, Function<? super T, Optional<Rejection>> check) {
    return all.stream().map(check).flatMap(Optional::stream).findFirst();
  }

  /**
   * @param message what to say of a key that occurs twice
   */
  public static <K> Optional<Rejection> distinct(Collection<K> keys, Function<K, String> message) {
    Set<K> seen = new HashSet<>();
    return each(keys, key -> seen.add(key) ? OK : refuseIf(true, message.apply(key)));
  }

  public static Optional<Rejection> range(long value, long min, long max, String what) {
    return refuseIf(
        value < min || value > max,
        "%s is %s: it must be from %d to %d"
            .formatted(what, value < 0 && min == 0 ? "out of range" : value, min, max));
  }

  /** Not negative, well formed, and of a length that somebody can have meant. */
  public static Optional<Rejection> duration(Duration wire, String what) {
    if (wire.getSeconds() < 0 || wire.getNanos() < 0) {
      return refuseIf(true, what + " cannot be negative");
    }
    return refuseIf(
        wire.getSeconds() > DURATION_SECONDS_MAX || wire.getNanos() >= NANOS_PER_SECOND,
        what + " cannot be longer than ten years");
  }

  /** A duration that is either zero, which means a default, or at least {@code min}. */
  public static Optional<Rejection> durationAtLeast(
      Duration wire, java.time.Duration min, String minInWords, String what) {
    return duration(wire, what)
        .or(
            () -> {
              java.time.Duration length = dev.swarm.core.spec.Durations.toJava(wire);
              return refuseIf(
                  !length.isZero() && length.compareTo(min) < 0,
                  what + " must be at least " + minInWords);
            });
  }

  public static Optional<Rejection> size(MessageLite message, int bytesMax, String what) {
    int bytes = message.getSerializedSize();
    return refuseIf(
        bytes > bytesMax,
        "the %s has %d bytes: it may have at most %d".formatted(what, bytes, bytesMax));
  }
}
