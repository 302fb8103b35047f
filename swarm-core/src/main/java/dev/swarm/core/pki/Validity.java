package dev.swarm.core.pki;

import java.time.Duration;

/**
 * Validity period of a node certificate.
 *
 * @param lifetime from the moment of issue on
 * @param backdate how far before that moment it already begins, for nodes whose clock is behind
 */
public record Validity(Duration lifetime, Duration backdate) {
  private static final Duration BACKDATE = Duration.ofHours(1);

  /** 90 days, as stock clusters have it. */
  public static final Validity DEFAULT = of(Duration.ofDays(90));

  public Validity {
    if (!lifetime.isPositive() || backdate.isNegative()) {
      throw new IllegalArgumentException("a certificate lasts longer than nothing");
    }
  }

  /** {@code lifetime} with the usual backdate of one hour. */
  public static Validity of(Duration lifetime) {
    return new Validity(lifetime, BACKDATE);
  }
}
