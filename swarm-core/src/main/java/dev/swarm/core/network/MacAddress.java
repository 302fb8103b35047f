package dev.swarm.core.network;

import java.util.HexFormat;
import java.util.Optional;

/**
 * A hardware address.
 *
 * @param bits its six bytes, the first one highest
 */
public record MacAddress(long bits) implements Comparable<MacAddress> {
  private static final int BYTES = 6;

  /**
   * The one that belongs to an address by rule, as stock engines have it too: 02:42 and its bytes.
   */
  public static MacAddress of(Ipv4 address) {
    return new MacAddress(0x0242L << Integer.SIZE | Integer.toUnsignedLong(address.bits()));
  }

  /** Reads {@code 02:42:0a:00:01:05}. */
  public static Optional<MacAddress> parse(String text) {
    String[] parts = text.split(":", -1);
    if (parts.length != BYTES) {
      return Optional.empty();
    }
    long bits = 0;
    for (String part : parts) {
      if (!part.matches("[0-9a-fA-F]{2}")) {
        return Optional.empty();
      }
      bits = bits << Byte.SIZE | HexFormat.fromHexDigits(part);
    }
    return Optional.of(new MacAddress(bits));
  }

  @Override
  public int compareTo(MacAddress other) {
    return Long.compare(bits, other.bits);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(BYTES * 3);
    HexFormat hex = HexFormat.of();
    for (int shift = (BYTES - 1) * Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      hex.toHexDigits(text, (byte) (bits >>> shift));
      text.append(shift == 0 ? "" : ":");
    }
    return text.toString();
  }
}
