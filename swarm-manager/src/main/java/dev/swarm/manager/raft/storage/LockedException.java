package dev.swarm.manager.raft.storage;

import java.io.IOException;

/** The data keys are sealed and the unlock key is missing or wrong. */
public final class LockedException extends IOException {
  private static final long serialVersionUID = 1L;

  LockedException(String message) {
    super(message);
  }
}
