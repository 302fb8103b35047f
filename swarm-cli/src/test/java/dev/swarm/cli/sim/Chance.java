package dev.swarm.cli.sim;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Everything in a world that could as well be otherwise. Each part of it has a stream of its own.
 */
final class Chance {
  private final SplittableRandom random;

  private Chance(SplittableRandom random) {
    this.random = random;
  }

  static Chance of(long seed) {
    return new Chance(new SplittableRandom(seed));
  }

  Chance split() {
    return new Chance(random.split());
  }

  SplittableRandom generator() {
    return random;
  }

  /** From 0 up to but without {@code bound}. */
  long below(long bound) {
    return random.nextLong(bound);
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }

  boolean percent(int percent) {
    return random.nextInt(100) < percent;
  }

  Duration millis(long min, long max) {
    return Duration.ofNanos(random.nextLong(min * 1_000_000, max * 1_000_000 + 1));
  }

  <T> T of(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
