package dev.swarm.core.pki;

import java.math.BigInteger;

/**
 * Numbers in lower-case base 36, left padded with zeros: how ids, digests and secrets are spelled.
 */
public final class Base36 {
  private static final int RADIX = 36;

  private Base36() {}

  /**
   * Spells {@code bytes}, read as an unsigned big-endian number.
   *
   * @param digits the exact length of the result; the number must fit
   */
  public static String encode(byte[] bytes, int digits) {
    String text = new BigInteger(1, bytes).toString(RADIX);
    if (text.length() > digits) {
      throw new IllegalArgumentException(
          bytes.length + " bytes do not fit " + digits + " base 36 digits");
    }
    return "0".repeat(digits - text.length()) + text;
  }

  /** Whether {@code text} is exactly {@code digits} characters of 0-9 and a-z. */
  public static boolean isNumber(String text, int digits) {
    return text.length() == digits && text.chars().allMatch(Base36::isDigit);
  }

  /** The number that {@code text} spells; only for texts that {@link #isNumber}. */
  static BigInteger decode(String text) {
    return new BigInteger(text, RADIX);
  }

  private static boolean isDigit(int character) {
    return (character >= '0' && character <= '9') || (character >= 'a' && character <= 'z');
  }
}
