package dev.swarm.cli.client.command;

import java.io.PrintStream;
import java.util.function.Supplier;

/** Prints the progress of a wait that the user ends with Ctrl-C. Closed when the wait is over. */
final class Interrupt implements AutoCloseable {
  private final Thread hook;

  private Interrupt(Thread hook) {
    this.hook = hook;
  }

  /**
   * @param message what to say when it happens; the program then ends with 0, for nothing has
   *     failed
   */
  static Interrupt says(PrintStream out, Supplier<String> message) {
    Thread hook =
        new Thread(
            () -> {
              out.print(message.get());
              out.flush();
              Runtime.getRuntime().halt(0);
            });
    Runtime.getRuntime().addShutdownHook(hook);
    return new Interrupt(hook);
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The program is ending already, and the hook with it.
      return;
    }
  }
}
