package dev.swarm.cli.command.spec;

import dev.swarm.cli.command.flag.Unexpected;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * A range of addresses, or one address.
 *
 * @param text as the user wrote it
 * @param bytes the first address: four or sixteen bytes
 * @param bits how many leading bits all addresses of the range share
 */
record Cidr(String text, byte[] bytes, int bits) {
  private static final String SUBNET = "a subnet such as 10.0.0.0/24";

  /** {@code 10.0.0.0/24}. */
  static Cidr parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0 || !text.substring(slash + 1).matches("\\d{1,3}")) {
      throw new Unexpected(SUBNET, text);
    }
    byte[] bytes = bytes(text.substring(0, slash), SUBNET, text);
    int bits = Integer.parseInt(text.substring(slash + 1));
    if (bits > bytes.length * Byte.SIZE) {
      throw new Unexpected(SUBNET, text);
    }
    return new Cidr(text, bytes, bits);
  }

  /** One address. */
  static Cidr address(String text) {
    byte[] bytes = bytes(text, "an IP address", text);
    return new Cidr(text, bytes, bytes.length * Byte.SIZE);
  }

  /** The name is checked to be an address first, so that nothing is looked up. */
  private static byte[] bytes(String text, String wanted, String whole) {
    if (!Syntax.isIp(text)) {
      throw new Unexpected(wanted, whole);
    }
    try {
      return InetAddress.getByName(text).getAddress();
    } catch (UnknownHostException e) {
      throw new Unexpected(wanted, whole);
    }
  }

  /** Whether {@code other} begins in this range. */
  boolean contains(Cidr other) {
    if (bytes.length != other.bytes.length) {
      return false;
    }
    for (int bit = 0; bit < bits; bit++) {
      int mask = 0x80 >> bit % Byte.SIZE;
      if (((bytes[bit / Byte.SIZE] ^ other.bytes[bit / Byte.SIZE]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }
}
