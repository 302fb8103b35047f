package dev.swarm.cli.http;

import java.io.IOException;

/** Error reply of the daemon; the message is the daemon's own, see {@link OwnWords}. */
public final class DaemonRejection extends IOException {
  private static final long serialVersionUID = 1;

  private final int status;

  public DaemonRejection(int status, String message) {
    super(message);
    this.status = status;
  }

  /** The HTTP status, 400 and up. */
  public int status() {
    return status;
  }

  /** Whether somebody else changed the object since it was read. */
  public boolean outOfSequence() {
    return String.valueOf(getMessage()).contains("update out of sequence");
  }

  public boolean notFound() {
    return status == 404;
  }
}
