package dev.swarm.cli.client.command.stack;

/** An error in a Compose file that the user can mend; the message says where and how. */
public final class ComposeError extends RuntimeException {
  private static final long serialVersionUID = 1;

  public ComposeError(String message) {
    super(message);
  }
}
