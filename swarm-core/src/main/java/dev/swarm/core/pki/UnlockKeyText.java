package dev.swarm.core.pki;

import java.util.Base64;

/** An unlock key as people keep it: {@code SWMKEY-1-} and 32 bytes in base 64 without padding. */
public final class UnlockKeyText {
  /** Length of the key itself. */
  public static final int KEY_BYTES = 32;

  private static final String PREFIX = "SWMKEY-1-";
  private static final int TEXT_MAX = 128;

  private UnlockKeyText() {}

  /** What {@link #parse} reads. Secret. */
  public static String of(byte[] key) {
    return PREFIX + Base64.getEncoder().withoutPadding().encodeToString(key);
  }

  /**
   * Reads what {@link #of} wrote, with white space around it forgiven.
   *
   * @throws CredentialException if it is anything else; the text is not in the message
   */
  public static byte[] parse(String text) throws CredentialException {
    String key = text.strip();
    if (key.length() > TEXT_MAX || !key.startsWith(PREFIX)) {
      throw malformed();
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(key.substring(PREFIX.length()));
      if (bytes.length != KEY_BYTES) {
        throw malformed();
      }
      return bytes;
    } catch (IllegalArgumentException e) {
      throw malformed();
    }
  }

  private static CredentialException malformed() {
    return new CredentialException(
        "invalid key: an unlock key looks like " + PREFIX + "… with 43 characters after it");
  }
}
