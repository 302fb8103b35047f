package dev.swarm.core.port;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * Draws identifiers: 25 characters of base 36, never the same twice. Safe for use by many threads.
 */
@FunctionalInterface
public interface IdSource {
  String next();

  /** Random bytes that nobody can guess; here as good as the identifiers drawn. */
  default byte[] secret(int bytes) {
    try {
      byte[] drawn = (next() + next()).getBytes(StandardCharsets.UTF_8);
      return Arrays.copyOf(MessageDigest.getInstance("SHA-256").digest(drawn), bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
