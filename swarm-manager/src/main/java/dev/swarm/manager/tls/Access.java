package dev.swarm.manager.tls;

/** Who may call a method. */
public enum Access {
  /** Anyone who reaches the port; these methods protect themselves by tokens. */
  ANYONE,
  /** Every member of the cluster, worker or manager. */
  NODE,
  /** Managers only. */
  MANAGER,
  /**
   * Managers, and those whose certificate says so of whom this one has no record: its log may be
   * behind, and what it lacks comes by these very calls.
   */
  LOG_MEMBER
}
