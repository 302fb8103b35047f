package dev.swarm.manager.ca;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.swarm.core.port.Clock;
import io.grpc.Status;
import java.time.Duration;

/**
 * Limits guesses of join tokens, by address. An address with too many wrong tokens is told when to
 * come back, and nothing more is done for it; a right token is taken from any address at any time,
 * because many machines may be behind one. Remembers a bounded number of addresses. Safe for many
 * threads.
 */
public final class TokenGuesses {
  static final int GUESSES_MAX = 10;
  static final Duration WINDOW = Duration.ofMinutes(1);
  private static final int ADDRESSES_MAX = 10_000;

  private final Clock clock;
  private final Cache<String, Guesses> recent;

  /** Since its first. */
  private record Guesses(long firstNanos, int count) {}

  public TokenGuesses(Clock clock) {
    this.clock = clock;
    recent =
        Caffeine.newBuilder()
            .ticker(clock::nanoTime)
            .executor(Runnable::run)
            .expireAfterWrite(WINDOW)
            .maximumSize(ADDRESSES_MAX)
            .build();
  }

  /** Counts a wrong token; returns what its sender is told. */
  Status wrong(String address) {
    long now = clock.nanoTime();
    Guesses guesses =
        recent
            .asMap()
            .compute(
                address,
                (same, known) ->
                    known == null || now - known.firstNanos() >= WINDOW.toNanos()
                        ? new Guesses(now, 1)
                        : new Guesses(
                            known.firstNanos(), Math.min(known.count(), GUESSES_MAX) + 1));
    if (guesses.count() <= GUESSES_MAX) {
      return Status.INVALID_ARGUMENT.withDescription(
          "A valid join token is necessary to join this cluster");
    }
    long seconds = WINDOW.minusNanos(now - guesses.firstNanos()).plusMillis(999).toSeconds();
    return Status.RESOURCE_EXHAUSTED.withDescription(
        "too many wrong join tokens came from "
            + address
            + ": try again in "
            + seconds
            + " s, with a token that \"swarm join-token\" prints on a manager");
  }
}
