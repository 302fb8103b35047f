package dev.swarm.core.network;

import java.util.Optional;

/**
 * An address with the length of its subnet's prefix, or the subnet itself: {@code 10.0.1.5/24}.
 *
 * @param length how many bits all addresses of the subnet share
 */
public record Ipv4Prefix(Ipv4 address, int length) implements Comparable<Ipv4Prefix> {
  public Ipv4Prefix {
    if (length < 0 || length > Integer.SIZE) {
      throw new IllegalArgumentException("not the length of a prefix: " + length);
    }
  }

  /** Reads {@code 10.0.1.5/24}; without a length it is one address alone. */
  public static Optional<Ipv4Prefix> parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return Ipv4.parse(text).map(Ipv4Prefix::alone);
    }
    String length = text.substring(slash + 1);
    if (!length.matches("\\d|[12]\\d|3[0-2]")) {
      return Optional.empty();
    }
    return Ipv4.parse(text.substring(0, slash))
        .map(address -> new Ipv4Prefix(address, Integer.parseInt(length)));
  }

  /** A prefix that is known to be one. */
  public static Ipv4Prefix of(String text) {
    return parse(text).orElseThrow(() -> new IllegalArgumentException("not a prefix: " + text));
  }

  /** The prefix that has only this address. */
  public static Ipv4Prefix alone(Ipv4 address) {
    return new Ipv4Prefix(address, Integer.SIZE);
  }

  private int mask() {
    return length == 0 ? 0 : -1 << (Integer.SIZE - length);
  }

  /** The subnet, with the bits of the host cleared. */
  public Ipv4Prefix subnet() {
    return new Ipv4Prefix(new Ipv4(address.bits() & mask()), length);
  }

  public boolean contains(Ipv4 other) {
    return (other.bits() & mask()) == (address.bits() & mask());
  }

  /** Which address of the subnet {@code other} is, counted from its first. */
  public int offset(Ipv4 other) {
    return other.bits() & ~mask();
  }

  @Override
  public int compareTo(Ipv4Prefix other) {
    int order = address.compareTo(other.address);
    return order != 0 ? order : Integer.compare(length, other.length);
  }

  @Override
  public String toString() {
    return address + "/" + length;
  }
}
