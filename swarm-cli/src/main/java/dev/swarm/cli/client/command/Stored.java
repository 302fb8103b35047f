package dev.swarm.cli.client.command;

import dev.swarm.cli.http.Target;
import java.util.Locale;

/** The two kinds of data the cluster keeps for its services. */
enum Stored {
  SECRET("Secret", 500),
  CONFIG("Config", 1000);

  private final String word;
  private final int kibibytesMax;

  Stored(String word, int kibibytesMax) {
    this.word = word;
    this.kibibytesMax = kibibytesMax;
  }

  /** {@code secret}. */
  String noun() {
    return word.toLowerCase(Locale.ROOT);
  }

  /** {@code Secret}. */
  String capital() {
    return word;
  }

  /** {@code SECRET}. */
  String operand() {
    return name();
  }

  /** The most data one may have; the managers refuse more, too. */
  int kibibytesMax() {
    return kibibytesMax;
  }

  Target all() {
    return Target.of(noun() + "s");
  }

  Target one(String reference) {
    return Target.of(noun() + "s", reference);
  }

  Target creation() {
    return Target.of(noun() + "s", "create");
  }
}
