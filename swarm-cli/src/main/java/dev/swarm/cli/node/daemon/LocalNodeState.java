package dev.swarm.cli.node.daemon;

/**
 * This node's state towards swarms: outside, locked, joining, member or failed. Every command looks
 * at this first.
 */
sealed interface LocalNodeState {
  /** In none. */
  record Outside() implements LocalNodeState {}

  /** A manager whose keys on disk only its unlock key opens. */
  record Locked() implements LocalNodeState {}

  /** On its way into one. */
  record Attempting(JoinAttempt attempt) implements LocalNodeState {}

  record Member(Membership membership) implements LocalNodeState {}

  /**
   * In one whose files cannot be used.
   *
   * @param why a sentence for people
   */
  record Failed(String why) implements LocalNodeState {}
}
