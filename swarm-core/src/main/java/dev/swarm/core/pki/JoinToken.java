package dev.swarm.core.pki;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.SecureRandom;

/**
 * Credential of a machine that joins: the digest of the cluster's root certificate, by which it
 * recognizes the cluster, and a secret, by which the cluster lets it in. Spelled {@code
 * SWMTKN-1-<digest>-<secret>}.
 *
 * @param rootDigest SHA-256 of the root bundle's bytes, 50 digits of base 36
 * @param secret 128 random bits, 25 digits of base 36; never logged
 */
public record JoinToken(String rootDigest, String secret) {
  static final int DIGEST_DIGITS = 50;
  static final int SECRET_DIGITS = 25;

  private static final String PREFIX = "SWMTKN";
  private static final int SECRET_BYTES = 16;
  private static final int DIGEST_BITS = 256;
  private static final int TEXT_MAX = 256;

  public JoinToken {
    if (!isDigest(rootDigest) || !Base36.isNumber(secret, SECRET_DIGITS)) {
      throw new IllegalArgumentException("not the parts of a join token");
    }
  }

  /** A token with a new secret for the cluster that trusts {@code root}. */
  public static JoinToken generate(RootCertificate root, SecureRandom random) {
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    return new JoinToken(root.digest(), Base36.encode(secret, SECRET_DIGITS));
  }

  /**
   * Reads a token as a user typed it; blanks around it are ignored.
   *
   * @throws CredentialException saying which part is wrong, without repeating the secret
   */
  public static JoinToken parse(String text) throws CredentialException {
    String trimmed = text.strip();
    if (trimmed.isEmpty()) {
      throw new CredentialException("the join token is empty");
    }
    String[] parts = trimmed.length() > TEXT_MAX ? new String[0] : trimmed.split("-", -1);
    if (parts.length < 2 || !parts[0].equals(PREFIX)) {
      throw new CredentialException("invalid join token: it must begin with SWMTKN-1-");
    }
    if (parts[1].equals("2")) {
      throw new CredentialException(
          "this join token is of a swarm in FIPS mode, which this node cannot join");
    }
    if (!parts[1].equals("1") || parts.length != 4) {
      throw new CredentialException(
          "invalid join token: it must have the form SWMTKN-1-<digest>-<secret>");
    }
    if (!isDigest(parts[2])) {
      throw new CredentialException(
          "invalid join token: the part after SWMTKN-1- must be 50 characters of 0-9 and a-z;"
              + " copy the whole token");
    }
    if (!Base36.isNumber(parts[3], SECRET_DIGITS)) {
      throw new CredentialException(
          "invalid join token: its last part must be 25 characters of 0-9 and a-z;"
              + " copy the whole token");
    }
    return new JoinToken(parts[2], parts[3]);
  }

  /** The text to show to a user or to send to a manager. */
  public String format() {
    return PREFIX + "-1-" + rootDigest + "-" + secret;
  }

  /**
   * Whether {@code presented} is this token, in a time that does not depend on where they differ.
   */
  public boolean matches(String presented) {
    return MessageDigest.isEqual(format().getBytes(UTF_8), presented.getBytes(UTF_8));
  }

  /** Names the cluster only: the secret must not reach a log. */
  @Override
  public String toString() {
    return "JoinToken[" + PREFIX + "-1-" + rootDigest + "-…]";
  }

  private static boolean isDigest(String text) {
    return Base36.isNumber(text, DIGEST_DIGITS) && Base36.decode(text).bitLength() <= DIGEST_BITS;
  }
}
