package dev.swarm.manager.raft.storage;

import java.io.IOException;

/** Data keys that are sealed while the unlock key is missing or wrong. */
public final class LockedException extends IOException {
  private static final long serialVersionUID = 1L;

  LockedException(String message) {
    super(message);
  }
}
