package dev.swarm.cli.node.log;

import java.nio.channels.ClosedByInterruptException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** Recognizes errors that the Raft library logs only because it is being stopped. */
final class FalseAlarms {
  private static final String RAFT = "org.apache.ratis.server.";

  private FalseAlarms() {}

  static boolean includes(String logger, @Nullable Throwable thrown) {
    if (!logger.startsWith(RAFT) || thrown == null) {
      return false;
    }
    String name = logger.substring(logger.lastIndexOf('.') + 1);
    return switch (name) {
      // Its storage is closed, or removed with the node's membership, while it still writes.
      case "RaftStorage", "RaftStorageImpl", "RaftStorageDirectory" ->
          thrown instanceof ClosedByInterruptException || thrown instanceof NoSuchFileException;
      // It gives its permits back twice when it is stopped while it waits.
      case "StateMachineUpdater" ->
          String.valueOf(thrown.getMessage()).contains("available = -1 < 0");
      default -> false;
    };
  }
}
