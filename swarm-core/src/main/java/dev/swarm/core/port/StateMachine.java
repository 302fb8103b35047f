package dev.swarm.core.port;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/**
 * State machine that a {@link ReplicatedLog} feeds with committed entries. All calls come from one
 * thread of the log, in log order.
 */
public interface StateMachine {
  /** Applies one committed entry. Must be deterministic and must not block on the network. */
  void committed(byte[] entry);

  /** Replaces the whole state with one that {@link Image#write} once wrote. */
  void restore(InputStream image) throws IOException;

  /**
   * The state as of the last {@code committed}: immutable, so that it can be written later by
   * another thread.
   */
  Image image();

  /**
   * What the state itself says of when snapshots are due; without a word the log decides. Called
   * after {@code committed}, on its thread.
   */
  default Optional<SnapshotRule> snapshotRule() {
    return Optional.empty();
  }

  /**
   * When the log's snapshots are due.
   *
   * @param entries one after so many entries, at least 1
   * @param older how many are kept beside the newest
   */
  record SnapshotRule(long entries, int older) {}

  /**
   * Who leads, as far as this replica knows, or who votes, is another; nobody leads while this
   * replica asks for votes. Called after everything committed in earlier terms was applied, and
   * before anything that another leads to is: one that led hears so before it applies what its
   * successor made.
   */
  void leadership(ReplicatedLog.Leadership leadership);

  /**
   * Everything that was committed when this replica started has been applied: until now the state
   * may have been an old one, from now on it only lags. Called at most once; one that leads is up
   * to date anyway.
   */
  default void current() {}

  /** An immutable state that can be written out. */
  @FunctionalInterface
  interface Image {
    void write(OutputStream out) throws IOException;
  }
}
