package dev.swarm.manager.log;

import dev.swarm.core.port.Reason;
import dev.swarm.core.port.ReplicatedLog.Peer;
import dev.swarm.core.port.StateMachine;
import dev.swarm.core.port.StateMachine.Image;
import dev.swarm.core.port.StateMachine.SnapshotRule;
import dev.swarm.v1.ReadSnapshotRequest;
import dev.swarm.v1.ReadSnapshotResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.ratis.server.protocol.TermIndex;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides when a snapshot is due, has it written behind the machine's back, and lets the log drop
 * what it covers; fetches the leader's where this replica lags too far behind.
 */
final class SnapshotKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotKeeper.class);

  /** A disk may refuse a file once and take it a little later; a log that only grows must stop. */
  private static final int FAILURES_MAX = 3;

  private final LogOptions options;
  private final Snapshots snapshots;
  private final ExecutorService executor;
  private final RaftTransport transport;
  private final PeerConnections connections;
  private final AtomicInteger failures = new AtomicInteger();

  // Only on the loop, except that the writer resets the flag.
  private long entries;
  private long bytes;
  private volatile boolean writing;

  SnapshotKeeper(
      LogOptions options,
      Snapshots snapshots,
      ExecutorService executor,
      RaftTransport transport,
      PeerConnections connections) {
    this.options = options;
    this.snapshots = snapshots;
    this.executor = executor;
    this.transport = transport;
    this.connections = connections;
  }

  /** What becomes of a snapshot. */
  interface Outcome {
    /** It is on disk: the log may drop the entries that it covers. */
    void covered(Snapshots.Stored stored);

    /** Several in a row could not be written, or a fetched one does not open. */
    void failed(Throwable cause);
  }

  /** An entry was applied. On the loop. */
  void applied(long term, long index, int sizeBytes, StateMachine machine, Outcome outcome) {
    entries++;
    bytes += sizeBytes;
    SnapshotRule rule =
        machine
            .snapshotRule()
            .orElseGet(
                () -> new SnapshotRule(options.snapshotEntries(), options.snapshotsMax() - 1));
    boolean due = entries >= rule.entries() || bytes >= options.snapshotBytes();
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
  void restored(long term, long index) {
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

  /** Where a leader is that is in no known list of voters. */
  void learn(Peer leader) {
    connections.learn(leader);
  }

  /**
   * Fetches the leader's newest snapshot.
   *
   * @param applied the entry the machine is at
   * @return where the snapshot ends; null, which the library asks for, when there is none to gain
   *     by
   */
  CompletableFuture<TermIndex> fetch(String leaderId, long applied, Outcome outcome) {
    try {
      return CompletableFuture.supplyAsync(
          () -> {
            try {
              return fetchFrom(leaderId, applied).orElse(null);
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

  private Optional<TermIndex> fetchFrom(String leaderId, long applied) throws IOException {
    ReadSnapshotRequest request =
        ReadSnapshotRequest.newBuilder().setClusterId(options.clusterId()).build();
    ReadSnapshotResponse piece = transport.readSnapshot(leaderId, request);
    if (piece.getSize() == 0 || piece.getIndex() <= applied) {
      return Optional.empty();
    }
    long term = piece.getTerm();
    long index = piece.getIndex();
    long size = piece.getSize();
    try (Snapshots.Incoming incoming = snapshots.receive(term, index)) {
      long offset = 0;
      while (true) {
        incoming.append(piece.getData().toByteArray());
        offset += piece.getData().size();
        if (offset >= size) {
          break;
        }
        piece = transport.readSnapshot(leaderId, next(term, index, offset));
        if (piece.getData().isEmpty()) {
          throw new IOException("the snapshot ended at " + offset + " of " + size + " bytes");
        }
      }
      incoming.finish();
    }
    LOG.info("fetched the snapshot of entry {} from {}: {} bytes", index, leaderId, size);
    return Optional.of(TermIndex.valueOf(term, index));
  }

  private ReadSnapshotRequest next(long term, long index, long offset) {
    return ReadSnapshotRequest.newBuilder()
        .setClusterId(options.clusterId())
        .setTerm(term)
        .setIndex(index)
        .setOffset(offset)
        .build();
  }
}
