package dev.swarm.manager.raft.snapshot;

import dev.swarm.core.port.Reason;
import dev.swarm.core.port.StateMachine;
import dev.swarm.core.port.StateMachine.Image;
import dev.swarm.core.port.StateMachine.SnapshotRule;
import dev.swarm.manager.raft.storage.UnsealException;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes snapshots when they are due, written while the state machine goes on, and lets the log drop
 * what they cover; fetches the leader's where this replica lags too far behind.
 */
public final class SnapshotKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotKeeper.class);

  /** A disk may refuse a file once and take it a little later; a log that only grows must stop. */
  private static final int FAILURES_MAX = 3;

  private final SnapshotLimits limits;
  private final Snapshots snapshots;
  private final ExecutorService executor;
  private final SnapshotFetch fetch;
  private final AtomicInteger failures = new AtomicInteger();

  // Only on the loop, except that the writer resets the flag.
  private long entries;
  private long bytes;
  private volatile boolean writing;

  /**
   * @param executor for what takes long: writing a snapshot, fetching one
   */
  public SnapshotKeeper(
      SnapshotLimits limits, Snapshots snapshots, ExecutorService executor, SnapshotFetch fetch) {
    this.limits = limits;
    this.snapshots = snapshots;
    this.executor = executor;
    this.fetch = fetch;
  }

  /** What becomes of a snapshot. */
  public interface Outcome {
    /** It is on disk: the log may drop the entries that it covers. */
    void covered(Snapshots.Stored stored);

    /** Several in a row could not be written, or a fetched one does not open. */
    void failed(Throwable cause);
  }

  /** An entry was applied. On the loop. */
  public void applied(long term, long index, int sizeBytes, StateMachine machine, Outcome outcome) {
    entries++;
    bytes += sizeBytes;
    SnapshotRule rule =
        machine
            .snapshotRule()
            .orElseGet(() -> new SnapshotRule(limits.entries(), limits.kept() - 1));
    boolean due = entries >= rule.entries() || bytes >= limits.bytes();
    if (!due || writing) {
      return;
    }
    Image taken = machine.image();
    snapshots.keep(rule.older() + 1);
    writing = true;
    entries = 0;
    bytes = 0;
    try {
      executor.execute(() -> write(term, index, taken, outcome));
    } catch (RejectedExecutionException e) {
      writing = false; // The log is being closed.
    }
  }

  /** The machine continues from this snapshot. On the loop. */
  public void restored(long term, long index) {
    entries = 0;
    bytes = 0;
    LOG.info("continues from the snapshot of entry {} of term {}", index, term);
  }

  private void write(long term, long index, Image image, Outcome outcome) {
    try {
      Snapshots.Stored stored = snapshots.write(term, index, image);
      LOG.info("wrote the snapshot of entry {}: {} bytes", index, stored.sizeBytes());
      failures.set(0);
      outcome.covered(stored);
    } catch (IOException | RuntimeException e) {
      LOG.error("could not write the snapshot of entry {}", index, e);
      if (failures.incrementAndGet() >= FAILURES_MAX) {
        outcome.failed(e);
      }
    } finally {
      writing = false;
    }
  }

  /**
   * Fetches the leader's newest snapshot.
   *
   * @param applied the entry the machine is at
   * @return the snapshot, which the machine is to continue from; empty when there is none to gain
   *     by
   */
  public CompletableFuture<Optional<Snapshots.Stored>> fetch(
      String leaderId, long applied, Outcome outcome) {
    try {
      return CompletableFuture.supplyAsync(
          () -> {
            try {
              return fetch.from(leaderId, applied);
            } catch (UnsealException e) {
              // Trying again would give the same: the key is missing here, or its disk is bad
              // there.
              outcome.failed(e);
              throw new CompletionException(e);
            } catch (IOException | RuntimeException e) {
              LOG.warn("could not fetch a snapshot from {}: {}", leaderId, Reason.of(e));
              throw new CompletionException(e);
            }
          },
          executor);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(e);
    }
  }
}
