package dev.swarm.manager.raft;

import dev.swarm.core.port.ReplicatedLog.Leadership;
import dev.swarm.core.port.ReplicatedLog.Peer;
import dev.swarm.core.port.StateMachine;
import dev.swarm.manager.raft.snapshot.SnapshotKeeper;
import dev.swarm.manager.raft.snapshot.Snapshots;
import dev.swarm.manager.raft.storage.Sealer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;

/**
 * Adapts our state machine to the Raft library. Calls of the library from its several threads, some
 * under its locks, go through the {@link ApplyLoop}, which alone calls the machine: entries are
 * opened there, leadership is announced there, and after enough entries the image is taken there.
 */
final class ReplicaMachine extends BaseStateMachine implements SnapshotKeeper.Outcome {
  /** What a sealed entry is, so that nothing else sealed with the same key passes for one. */
  static final byte[] ENTRY = "swarm log entry 1".getBytes(StandardCharsets.US_ASCII);

  /** What the log as a whole has to know. Called from any thread; must not wait. */
  interface Listener {
    /** The disk, the seal or the state machine failed: nothing may be acknowledged any more. */
    void failed(Throwable cause);

    /** Whether it did. */
    boolean stopped();

    /**
     * The library ended the replica: closed by us, removed from the cluster, or failed.
     *
     * @param votes whether it still is a voter, as far as it knows
     */
    void ended(boolean votes);

    void leads(Leadership leadership);
  }

  private final String self;
  private final StateMachine machine;
  private final Sealer sealer;
  private final ApplyLoop loop;
  private final Snapshots snapshots;
  private final SnapshotKeeper keeper;
  private final Consumer<Peer> learn;
  private final Listener listener;
  private final CatchUp catchUp;

  /**
   * The newest snapshot that the machine is at or past. A fetched one is on disk before the machine
   * continues from it; the library would take the entries up to it for applied.
   */
  private volatile Optional<Snapshots.Stored> inEffect = Optional.empty();

  // Only on the thread that applies, which the library calls for these.
  private long votersTerm;

  // Only on the loop.
  private long lostTerm = -1;
  private Leadership known = LogState.NOBODY;

  /**
   * @param learn told where a leader is that is in no known list of voters
   */
  ReplicaMachine(
      String self,
      StateMachine machine,
      Sealer sealer,
      ApplyLoop loop,
      Snapshots snapshots,
      SnapshotKeeper keeper,
      Consumer<Peer> learn,
      Listener listener,
      CatchUp catchUp) {
    this.self = self;
    this.machine = machine;
    this.sealer = sealer;
    this.loop = loop;
    this.snapshots = snapshots;
    this.keeper = keeper;
    this.learn = learn;
    this.listener = listener;
    this.catchUp = catchUp;
    var _ = catchUp.reached().thenRun(() -> loop.execute(machine::current));
  }

  @Override
  public void initialize(RaftServer server, RaftGroupId group, RaftStorage storage)
      throws IOException {
    super.initialize(server, group, storage);
    getLifeCycle().startAndTransition(this::restoreLatest, IOException.class);
  }

  /** After a snapshot was fetched: the machine continues from it. */
  @Override
  public void reinitialize() throws IOException {
    getLifeCycle().startAndTransition(this::restoreLatest, IOException.class);
  }

  @Override
  public void pause() {
    getLifeCycle().transition(LifeCycle.State.PAUSING);
    getLifeCycle().transition(LifeCycle.State.PAUSED);
  }

  private void restoreLatest() throws IOException {
    Optional<Snapshots.Stored> latest = snapshots.latest();
    if (latest.isEmpty()) {
      return;
    }
    try {
      loop.call(() -> restore(latest.get()));
      inEffect = latest;
    } catch (IOException e) {
      listener.failed(e);
      throw e;
    }
  }

  private void restore(Snapshots.Stored stored) throws IOException {
    try (InputStream in = snapshots.open(stored)) {
      machine.restore(in);
    }
    keeper.restored(stored.term(), stored.index());
    setLastAppliedTermIndex(end(stored));
    catchUp.applied(stored.term(), stored.index());
  }

  @Override
  public @Nullable SnapshotInfo getLatestSnapshot() {
    return inEffect.map(ReplicaMachine::describe).orElse(null);
  }

  private static SnapshotInfo describe(Snapshots.Stored stored) {
    var file = new FileInfo(stored.file(), null);
    return new SingleFileSnapshotInfo(file, stored.term(), stored.index());
  }

  @Override
  public CompletableFuture<TermIndex> notifyInstallSnapshotFromLeader(
      RoleInfoProto role, TermIndex firstAvailable) {
    RaftPeerProto leader = role.getFollowerInfo().getLeaderInfo().getId();
    if (!leader.getAddress().isEmpty()) {
      // A manager that is being added knows no voters yet.
      learn.accept(new Peer(leader.getId().toStringUtf8(), leader.getAddress()));
    }
    String leaderId = info().getLeaderId().toString();
    return keeper
        .fetch(leaderId, getLastAppliedTermIndex().getIndex(), this)
        .thenApply(fetched -> fetched.map(ReplicaMachine::end).orElse(null));
  }

  private static TermIndex end(Snapshots.Stored stored) {
    return TermIndex.valueOf(stored.term(), stored.index());
  }

  @Override
  public TransactionContext startTransaction(RaftClientRequest request) {
    return TransactionContext.newBuilder()
        .setStateMachine(this)
        .setClientRequest(request)
        .setStateMachineContext(request.getMessage())
        .build();
  }

  /** Called when the entry takes its place in the log. */
  @Override
  public TransactionContext preAppendTransaction(TransactionContext transaction) {
    if (transaction.getStateMachineContext() instanceof Proposal proposal) {
      proposal.markAppended();
    }
    return transaction;
  }

  @Override
  public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
    LogEntryProto entry = transaction.getLogEntry();
    ByteString sealed = entry.getStateMachineLogEntry().getLogData();
    var done = new CompletableFuture<Message>();
    loop.submit(sealed.size(), () -> apply(entry.getTerm(), entry.getIndex(), sealed, done));
    return done;
  }

  private void apply(long term, long index, ByteString sealed, CompletableFuture<Message> done) {
    if (listener.stopped()) {
      done.completeExceptionally(new IOException("the log has stopped"));
      return;
    }
    try {
      machine.committed(sealer.open(sealed.toByteArray(), ENTRY, "log entry " + index));
      setLastAppliedTermIndex(TermIndex.valueOf(term, index));
      catchUp.applied(term, index);
      keeper.applied(term, index, sealed.size(), machine, this);
      done.complete(Message.EMPTY);
    } catch (IOException | RuntimeException | Error e) {
      // The entry is committed but not applied here: to go on would be to diverge.
      listener.failed(e);
      done.completeExceptionally(new CompletionException(e));
    }
  }

  /** Entries of the library itself are no part of our state, but have their place in the log. */
  @Override
  public void notifyTermIndexUpdated(long term, long index) {
    if (!catchUp.isReached()) {
      loop.execute(() -> catchUp.applied(term, index));
    }
  }

  @Override
  public void notifyConfigurationChanged(long term, long index, RaftConfigurationProto voters) {
    votersTerm = term;
    loop.execute(
        () -> {
          if (!known.self()) {
            announce(known); // where a leader is, and whether this replica votes, may be new
          }
        });
  }

  /** Called right after the first entry of this manager's own term was handed to be applied. */
  @Override
  public void notifyLeaderReady() {
    long term = votersTerm;
    loop.execute(
        () -> {
          if (term > lostTerm) {
            announce(new Leadership(self, term, true));
          }
        });
  }

  /** Called before the term moves on, so the current one is the one that was lost. */
  @Override
  public void notifyNotLeader(Collection<TransactionContext> pending) {
    long term = info().getCurrentTerm();
    loop.execute(
        () -> {
          lostTerm = Math.max(lostTerm, term);
          announce(new Leadership("", term, false));
        });
  }

  @Override
  public void notifyLeaderChanged(RaftGroupMemberId member, RaftPeerId leader) {
    if (!leader.toString().equals(self)) {
      long term = info().getCurrentTerm();
      loop.execute(() -> announce(new Leadership(leader.toString(), term, false)));
    }
  }

  /** No leader answers: this replica asks for votes. Any thread. */
  void leaderless() {
    loop.execute(
        () -> {
          if (!known.self() && !known.leaderId().isEmpty()) {
            announce(new Leadership("", known.term(), false));
          }
        });
  }

  private void announce(Leadership leadership) {
    known = leadership;
    if (!listener.stopped() || !leadership.self()) {
      listener.leads(leadership);
      machine.leadership(leadership);
    }
  }

  private DivisionInfo info() {
    return division().getInfo();
  }

  private RaftServer.Division division() {
    try {
      return getServer().join().getDivision(getGroupId());
    } catch (IOException e) {
      throw new IllegalStateException("the replica calls before it exists", e);
    }
  }

  @Override
  public void covered(Snapshots.Stored stored) {
    inEffect = Optional.of(stored);
    CompletableFuture<Long> _ = division().getRaftLog().purge(stored.index());
  }

  @Override
  public void failed(Throwable cause) {
    listener.failed(cause);
  }

  /** The disk refused an entry or a segment. */
  @Override
  public void notifyLogFailed(Throwable cause, @Nullable LogEntryProto entry) {
    listener.failed(cause);
  }

  @Override
  public void close() {
    listener.ended(
        division().getRaftConf().getCurrentPeers().stream()
            .anyMatch(peer -> peer.getId().toString().equals(self)));
  }
}
