package dev.swarm.manager.raft.storage;

import java.io.IOException;

/** Sealed bytes that do not open: changed since they were sealed, or sealed with a key not held. */
public final class UnsealException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * @param what the file or the log index that does not open, for the operator.
   */
  public UnsealException(String what, String why) {
    super("cannot open " + what + ": " + why);
  }
}
