package dev.swarm.manager.raft;

import dev.swarm.core.port.ReplicatedLog;
import dev.swarm.core.port.StateMachine;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * A log of one voter in memory, for benchmarks and embedded tests: it always leads, keeps nothing,
 * and forgets all when closed. Every call to the machine runs on the executor it is given, which
 * must run one task at a time in order, or on the caller's thread with {@code Runnable::run}.
 */
public final class MemoryLog implements ReplicatedLog {
  private static final long TERM = 1;

  private final Peer self;
  private final Executor executor;
  private volatile Optional<StateMachine> machine = Optional.empty();

  public MemoryLog(Peer self, Executor executor) {
    this.self = self;
    this.executor = executor;
  }

  @Override
  public void start(StateMachine machine) {
    if (this.machine.isPresent()) {
      throw new IllegalStateException("a log is started once");
    }
    this.machine = Optional.of(machine);
    executor.execute(() -> machine.leadership(leadership()));
  }

  @Override
  public CompletionStage<Void> propose(byte[] entry) {
    if (entry.length > ENTRY_BYTES_MAX) {
      return CompletableFuture.failedFuture(
          new IllegalArgumentException("an entry has at most " + ENTRY_BYTES_MAX + " bytes"));
    }
    var done = new CompletableFuture<Void>();
    try {
      executor.execute(() -> commit(entry, done));
    } catch (RejectedExecutionException e) {
      done.completeExceptionally(new IOException("the log is not running", e));
    }
    return done;
  }

  private void commit(byte[] entry, CompletableFuture<Void> done) {
    Optional<StateMachine> running = machine;
    if (running.isEmpty()) {
      done.completeExceptionally(new IOException("the log is not running"));
      return;
    }
    try {
      running.get().committed(entry);
    } catch (RuntimeException | Error e) {
      done.completeExceptionally(e);
      throw e;
    }
    done.complete(null);
  }

  @Override
  public Leadership leadership() {
    return machine.isPresent()
        ? new Leadership(self.id(), TERM, true)
        : new Leadership("", TERM, false);
  }

  @Override
  public List<Peer> peers() {
    return List.of(self);
  }

  @Override
  public boolean reachable(String peerId) {
    return peerId.equals(self.id());
  }

  @Override
  public CompletionStage<Void> addPeer(Peer peer) {
    return CompletableFuture.failedFuture(new IOException("a log in memory has one voter"));
  }

  @Override
  public CompletionStage<Void> removePeer(String peerId) {
    return CompletableFuture.failedFuture(new IOException("a log in memory has one voter"));
  }

  @Override
  public CompletionStage<Void> transferLeadership(String peerId) {
    return CompletableFuture.failedFuture(new IOException("there is no other manager to lead"));
  }

  @Override
  public void close() {
    machine = Optional.empty();
  }
}
