package dev.swarm.core.wire;

/** Largest size of each message between nodes, for whoever receives it. */
public final class MessageLimits {
  /** By a manager, of anybody who calls it. */
  public static final int CALLED_BYTES_MAX = 4 << 20;

  /**
   * Of a manager that was called. A complete set of assignments is large (stock agents take up to 2
   * GiB), and a manager that passes a worker's call on takes what that worker would take.
   */
  public static final int ANSWERED_BYTES_MAX = 256 << 20;

  /** All headers of a call together; the edge asks for less of strangers. */
  public static final int HEADER_BYTES_MAX = 64 << 10;

  private MessageLimits() {}
}
