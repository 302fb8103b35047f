package dev.swarm.cli.daemon;

/** Where a node stands towards swarms. Every command looks at this first. */
sealed interface Standing {
  /** In none. */
  record Outside() implements Standing {}

  /** A manager whose keys on disk only its unlock key opens. */
  record Locked() implements Standing {}

  /** On its way into one. */
  record Attempting(JoinAttempt attempt) implements Standing {}

  record Member(Membership membership) implements Standing {}

  /**
   * In one whose files cannot be used.
   *
   * @param why a sentence for people
   */
  record Failed(String why) implements Standing {}
}
