package dev.swarm.cli.node.daemon;

import org.slf4j.bridge.SLF4JBridgeHandler;

/** Passes the log of libraries that write to {@code java.util.logging}, as gRPC does, to ours. */
final class LibraryLogs {
  private LibraryLogs() {}

  /** From now on it is part of this process' own log, in its form and at its levels. */
  static void bridge() {
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
  }
}
