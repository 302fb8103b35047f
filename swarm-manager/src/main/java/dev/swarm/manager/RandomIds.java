package dev.swarm.manager;

import dev.swarm.core.pki.Base36;
import dev.swarm.core.port.IdSource;
import java.security.SecureRandom;

/**
 * Draws identifiers from a secure source, about 129 random bits each: as good as never the same
 * twice. Safe for use by many threads.
 */
public final class RandomIds implements IdSource {
  private static final int BYTES = 17;
  private static final int DRAWN_DIGITS = 27;
  private static final int DIGITS = 25;

  private final SecureRandom random;

  public RandomIds(SecureRandom random) {
    this.random = random;
  }

  @Override
  public byte[] secret(int bytes) {
    byte[] drawn = new byte[bytes];
    random.nextBytes(drawn);
    return drawn;
  }

  @Override
  public String next() {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    // The first of 27 digits takes only a few of its values; what follows it is evenly spread.
    return Base36.encode(bytes, DRAWN_DIGITS).substring(1, 1 + DIGITS);
  }
}
