package dev.swarm.manager.raft;

import dev.swarm.core.port.ReplicatedLog;
import dev.swarm.core.port.StateMachine;
import dev.swarm.manager.raft.storage.Sealer;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * The replicated log on Apache Ratis. What it stores is sealed before the library sees it. Its
 * threads are its own; the stages it returns complete on them, so what depends on a stage must be
 * short or go elsewhere. When its disk, a seal or the state machine fails, it stops: it gives up
 * leadership, fails what is under way and all that comes, and says so through {@link #ended}.
 * Started once and closed once, and not closed from a call to the state machine.
 */
public final class RatisLog implements ReplicatedLog {
  private final RaftOptions options;
  private final Sealer sealer;
  private final RaftExecutors executors;
  private final PeerConnections connections;
  private final RaftTransport transport;
  private final RaftService service;
  private final LogState state = new LogState();
  private final CatchUp catchUp = new CatchUp();
  private volatile Optional<Replica> replica = Optional.empty();
  private volatile Optional<LogDirectory> directory = Optional.empty();
  private boolean closed;

  /**
   * @param dial makes a connection to a manager's one port, as this manager; called for each lane,
   *     and the log shuts down what it returned
   */
  public RatisLog(RaftOptions options, Sealer sealer, Function<Peer, ManagedChannel> dial) {
    this.options = options;
    this.sealer = sealer;
    this.executors = new RaftExecutors(options.self().id());
    this.connections = new PeerConnections(dial);
    var deadlines =
        new RaftTransport.Deadlines(options.electionTimeoutMax(), options.proposeTimeout());
    this.transport =
        new RaftTransport(
            options.self(),
            connections,
            executors.control(),
            deadlines,
            () -> replica.ifPresent(Replica::leaderless),
            state::expectEnd);
    this.service =
        new RaftService(
            options.clusterId(),
            executors,
            () -> replica.map(Replica::server),
            () -> directory.map(LogDirectory::snapshots),
            catchUp);
  }

  /** Whether there is a log in {@code directory} to restart from. */
  public static boolean exists(Path directory, String clusterId) throws IOException {
    Path storage = LogDirectory.storage(directory);
    return new LogFiles(storage, LogFiles.group(clusterId)).exist();
  }

  /** Deletes what this replica has of a log that it left. Nothing may have it open. */
  public static void delete(Path directory) throws IOException {
    LogDirectory.delete(directory);
  }

  /** What other managers call; to be registered on the manager's port, for managers only. */
  public BindableService service() {
    return service;
  }

  /** Threads for the calls of {@link #service} that the other services cannot use up. */
  public Executor callExecutor() {
    return executors.control();
  }

  /**
   * Completes when the log has ended: normally after {@link #close} or when this replica was
   * removed from the cluster, exceptionally with what made it stop.
   */
  public CompletionStage<Void> ended() {
    return state.end().minimalCompletionStage();
  }

  @Override
  public synchronized void start(StateMachine machine) throws IOException {
    if (closed || replica.isPresent()) {
      throw new IllegalStateException("a log is started once");
    }
    LogDirectory opened = LogDirectory.open(options, sealer);
    try {
      replica =
          Optional.of(
              Replica.start(
                  options,
                  sealer,
                  executors,
                  state,
                  opened,
                  transport,
                  connections,
                  machine,
                  catchUp));
      directory = Optional.of(opened);
    } catch (IOException | RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  @Override
  public CompletionStage<Void> propose(byte[] entry) {
    if (entry.length > ENTRY_BYTES_MAX) {
      return CompletableFuture.failedFuture(
          new IllegalArgumentException("an entry has at most " + ENTRY_BYTES_MAX + " bytes"));
    }
    return replica.map(running -> running.propose(entry)).orElseGet(RatisLog::notRunning);
  }

  @Override
  public Leadership leadership() {
    return replica.map(Replica::leadership).orElse(LogState.NOBODY);
  }

  @Override
  public List<Peer> peers() {
    return replica.map(running -> running.members().all()).orElse(List.of());
  }

  @Override
  public boolean reachable(String peerId) {
    return peerId.equals(options.self().id())
        || transport.answered(peerId, options.electionTimeoutMax().multipliedBy(2));
  }

  @Override
  public CompletionStage<Void> addPeer(Peer peer) {
    return replica.map(running -> running.members().add(peer)).orElseGet(RatisLog::notRunning);
  }

  @Override
  public CompletionStage<Void> removePeer(String peerId) {
    return replica.map(running -> running.members().remove(peerId)).orElseGet(RatisLog::notRunning);
  }

  @Override
  public CompletionStage<Void> transferLeadership(String peerId) {
    return replica
        .map(running -> running.members().transfer(peerId))
        .orElseGet(RatisLog::notRunning);
  }

  private static CompletableFuture<Void> notRunning() {
    return CompletableFuture.failedFuture(new IOException("the log is not running"));
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    state.expectEnd();
    replica.ifPresent(Replica::close);
    replica = Optional.empty();
    connections.close();
    executors.close();
    state.ended(false);
  }
}
