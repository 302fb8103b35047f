package dev.swarm.cli.node.demo;

/**
 * A failure after which the demo cannot go on; the message is a sentence for the person who
 * watches.
 */
final class DemoFailure extends Exception {
  private static final long serialVersionUID = 1L;

  DemoFailure(String message) {
    super(message);
  }

  DemoFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
