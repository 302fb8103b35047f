package dev.swarm.core.pki;

import java.security.SecureRandom;
import java.util.Random;

/** Randomness that a failing test repeats. */
final class Seeded extends SecureRandom {
  private static final long serialVersionUID = 1L;

  private final Random random;

  Seeded(long seed) {
    this.random = new Random(seed);
  }

  @Override
  public void nextBytes(byte[] bytes) {
    random.nextBytes(bytes);
  }
}
