package dev.swarm.core.net;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * A block of IP addresses.
 *
 * @param text as the user wrote it
 * @param address the first {@code bits} bits of its addresses, as a number
 * @param bits how many bits all its addresses share
 * @param width of an address: 32 or 128 bits
 */
public record Subnet(String text, BigInteger address, int bits, int width) {

  /** Reads {@code 10.1.0.0/24} or {@code fd00::/64}; bits beyond the prefix are ignored. */
  public static Optional<Subnet> parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0 || !text.substring(slash + 1).matches("\\d{1,3}")) {
      return Optional.empty();
    }
    int bits = Integer.parseInt(text.substring(slash + 1));
    return address(text.substring(0, slash))
        .filter(address -> bits <= width(address))
        .map(a -> new Subnet(text, number(a).shiftRight(width(a) - bits), bits, width(a)));
  }

  /** The block of one address alone, if {@code text} is one. */
  public static Optional<Subnet> single(String text) {
    return address(text).map(a -> new Subnet(text, number(a), width(a), width(a)));
  }

  /** An IP address in full, with no zone and no name. */
  public static Optional<InetAddress> address(String text) {
    // Java also reads 10.1 as an address; nobody who writes that here means 10.0.0.1.
    boolean full = text.indexOf(':') >= 0 || text.chars().filter(c -> c == '.').count() == 3;
    if (!full || text.indexOf('%') >= 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException notAnAddress) {
      return Optional.empty();
    }
  }

  private static int width(InetAddress address) {
    return address.getAddress().length * Byte.SIZE;
  }

  private static BigInteger number(InetAddress address) {
    return new BigInteger(1, address.getAddress());
  }

  public boolean contains(InetAddress other) {
    return width(other) == width && number(other).shiftRight(width - bits).equals(address);
  }

  public boolean contains(Subnet other) {
    return other.width == width
        && other.bits >= bits
        && other.address.shiftRight(other.bits - bits).equals(address);
  }

  public boolean overlaps(Subnet other) {
    return contains(other) || other.contains(this);
  }

  /** Its lowest address, as a number. */
  public BigInteger first() {
    return address.shiftLeft(width - bits);
  }

  /** Its highest address, as a number. */
  public BigInteger last() {
    return address.add(BigInteger.ONE).shiftLeft(width - bits).subtract(BigInteger.ONE);
  }

  /** An address of this subnet's family as text. */
  public String text(BigInteger number) {
    byte[] signed = number.toByteArray();
    byte[] bytes = new byte[width / Byte.SIZE];
    int length = Math.min(signed.length, bytes.length);
    System.arraycopy(signed, signed.length - length, bytes, bytes.length - length, length);
    try {
      return InetAddress.getByAddress(bytes).getHostAddress();
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address has 4 or 16 bytes", e);
    }
  }

  /** The number of an address of this subnet, if it is one. */
  public Optional<BigInteger> find(String text) {
    return address(text).filter(this::contains).map(Subnet::number);
  }

  public boolean isIpv4() {
    return width == 32;
  }

  @Override
  public String toString() {
    return text;
  }
}
