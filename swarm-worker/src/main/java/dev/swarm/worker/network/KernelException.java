package dev.swarm.worker.network;

import java.io.IOException;

/** The kernel could not be read or changed; the message says by which program, and what it said. */
public final class KernelException extends IOException {
  private static final long serialVersionUID = 1;

  public KernelException(String message) {
    super(message);
  }
}
