package dev.swarm.manager.tls;

/** Rule for who may call a method. */
public enum Access {
  /** Anyone who reaches the port; these methods protect themselves by tokens. */
  ANYONE,
  /** Every member of the cluster, worker or manager. */
  NODE,
  /** Managers only. */
  MANAGER,
  /**
   * Everyone whose certificate says manager, except those of whom it is known that they are none:
   * by these calls a manager whose log is behind is brought up to date, and its own state cannot
   * judge them.
   */
  LOG_MEMBER
}
