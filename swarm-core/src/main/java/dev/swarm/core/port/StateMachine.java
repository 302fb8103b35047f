package dev.swarm.core.port;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** What a {@link ReplicatedLog} replicates. All calls come from one thread of the log, in log order. */
public interface StateMachine {
  /** Applies one committed entry. Must be deterministic and must not block on the network. */
  void committed(byte[] entry);

  /** Replaces the whole state with one that {@link Image#write} once wrote. */
  void restore(InputStream image) throws IOException;

  /** The state as of the last {@code committed}: immutable, so that it can be written later by another thread. */
  Image image();

  /** Leadership changed. Called after everything committed in earlier terms was applied. */
  void leadership(ReplicatedLog.Leadership leadership);

  /** An immutable state that can be written out. */
  @FunctionalInterface
  interface Image {
    void write(OutputStream out) throws IOException;
  }
}
