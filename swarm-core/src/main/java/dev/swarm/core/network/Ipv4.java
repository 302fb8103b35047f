package dev.swarm.core.network;

import java.util.Optional;

/**
 * An IPv4 address.
 *
 * @param bits its four bytes, the first one highest
 */
public record Ipv4(int bits) implements Comparable<Ipv4> {
  private static final int BYTES = 4;

  /** Reads {@code 10.0.1.5}: four decimal numbers and nothing else. */
  public static Optional<Ipv4> parse(String text) {
    int bits = 0;
    int at = 0;
    for (int part = 0; part < BYTES; part++) {
      int end = part == BYTES - 1 ? text.length() : text.indexOf('.', at);
      int value = end < 0 ? -1 : number(text, at, end);
      if (value < 0) {
        return Optional.empty();
      }
      bits = (bits << Byte.SIZE) | value;
      at = end + 1;
    }
    return Optional.of(new Ipv4(bits));
  }

  /** An address that is known to be one. */
  public static Ipv4 of(String text) {
    return parse(text)
        .orElseThrow(() -> new IllegalArgumentException("not an IPv4 address: " + text));
  }

  /** The number from {@code from} to {@code to}, or -1 where that is none of 0 to 255. */
  private static int number(String text, int from, int to) {
    if (to <= from || to - from > 3 || (to - from > 1 && text.charAt(from) == '0')) {
      return -1;
    }
    int value = 0;
    for (int i = from; i < to; i++) {
      char digit = text.charAt(i);
      if (digit < '0' || digit > '9') {
        return -1;
      }
      value = value * 10 + digit - '0';
    }
    return value < 256 ? value : -1;
  }

  private int part(int index) {
    return (bits >>> ((BYTES - 1 - index) * Byte.SIZE)) & 0xff;
  }

  @Override
  public int compareTo(Ipv4 other) {
    return Integer.compareUnsigned(bits, other.bits);
  }

  @Override
  public String toString() {
    return part(0) + "." + part(1) + "." + part(2) + "." + part(3);
  }
}
