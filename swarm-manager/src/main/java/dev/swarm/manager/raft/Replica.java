package dev.swarm.manager.raft;

import dev.swarm.core.port.Reason;
import dev.swarm.core.port.ReplicatedLog.Leadership;
import dev.swarm.core.port.ReplicatedLog.NotLeaderException;
import dev.swarm.core.port.StateMachine;
import dev.swarm.manager.raft.RaftOptions.Start;
import dev.swarm.manager.raft.snapshot.SnapshotFetch;
import dev.swarm.manager.raft.snapshot.SnapshotKeeper;
import dev.swarm.manager.raft.storage.Sealer;
import dev.swarm.manager.raft.storage.UnsealException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.RaftStorage.StartupOption;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running replica: the objects that exist between the start and the close of a log. */
final class Replica implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Replica.class);

  private final RaftOptions options;
  private final Sealer sealer;
  private final LogState state;
  private final LogDirectory directory;
  private final ApplyLoop loop;
  private final ReplicaMachine machine;
  private final RaftServer server;
  private final RaftServer.Division division;
  private final Proposals proposals;
  private final RaftPeers members;
  private final AtomicBoolean yielding = new AtomicBoolean();

  private Replica(
      RaftOptions options,
      Sealer sealer,
      RaftExecutors executors,
      LogState state,
      LogDirectory directory,
      ApplyLoop loop,
      ReplicaMachine machine,
      RaftServer server)
      throws IOException {
    this.options = options;
    this.sealer = sealer;
    this.state = state;
    this.directory = directory;
    this.machine = machine;
    this.loop = loop;
    this.server = server;
    RaftGroupId group = RaftGroupId.valueOf(directory.group());
    this.division = server.getDivision(group);
    this.proposals = new Proposals(server, group, executors.timer(), executors.bulk());
    this.members =
        new RaftPeers(
            server,
            division,
            proposals,
            options.membershipTimeout(),
            options.electionTimeoutMax().multipliedBy(2));
    CompletableFuture<Void> _ = state.failure().thenAccept(cause -> stop(cause, executors));
    CompletableFuture<Void> _ =
        state
            .end()
            .whenComplete((end, failure) -> proposals.stop(new IOException("the log ended")));
  }

  /** Starts the Raft library on {@code directory}; leaves nothing running when it fails. */
  static Replica start(
      RaftOptions options,
      Sealer sealer,
      RaftExecutors executors,
      LogState state,
      LogDirectory directory,
      RaftTransport transport,
      PeerConnections connections,
      StateMachine machine,
      CatchUp catchUp)
      throws IOException {
    Deque<AutoCloseable> opened = new ArrayDeque<>();
    try {
      var loop = new ApplyLoop(options.self().id(), state::failed);
      opened.push(loop);
      var keeper =
          new SnapshotKeeper(
              options.snapshots(),
              directory.snapshots(),
              executors.snapshots(),
              new SnapshotFetch(
                  options.clusterId(), directory.snapshots(), transport::readSnapshot));
      var adapter =
          new ReplicaMachine(
              options.self().id(),
              machine,
              sealer,
              loop,
              directory.snapshots(),
              keeper,
              connections::learn,
              state,
              catchUp);
      RaftProperties settings =
          RatisSettings.of(options, directory.storage(), directory.startsAlone());
      RaftServer server =
          RaftServer.newBuilder()
              .setServerId(RaftPeerId.valueOf(options.self().id()))
              .setGroup(group(options, directory))
              .setOption(StartupOption.RECOVER)
              .setProperties(settings)
              .setParameters(SwarmRpc.parameters(transport))
              .setStateMachineRegistry(
                  id -> {
                    RatisSettings.forLog(settings, options);
                    return adapter;
                  })
              .build();
      opened.push(server);
      server.start();
      return new Replica(options, sealer, executors, state, directory, loop, adapter, server);
    } catch (IOException | RuntimeException e) {
      closeAll(opened, e);
      throw explain(e, state);
    }
  }

  private static RaftGroup group(RaftOptions options, LogDirectory directory) {
    RaftGroupId id = RaftGroupId.valueOf(directory.group());
    return options.start() == Start.NEW_CLUSTER
        ? RaftGroup.valueOf(id, RaftPeers.raftPeer(options.self()))
        : RaftGroup.valueOf(id);
  }

  private static void closeAll(Deque<AutoCloseable> opened, Exception failure) {
    for (AutoCloseable resource : opened) {
      try {
        resource.close();
      } catch (Exception e) {
        failure.addSuppressed(e);
      }
    }
  }

  /** The library wraps what we threw inside it several times. */
  private static IOException explain(Exception failure, LogState state) {
    Throwable ours = state.failure().getNow(failure);
    if (ours instanceof UnsealException unseal) {
      unseal.addSuppressed(failure);
      return unseal;
    }
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return new IOException("the log does not start: " + root, failure);
  }

  RaftServer server() {
    return server;
  }

  RaftPeers members() {
    return members;
  }

  CompletableFuture<Void> propose(byte[] entry) {
    Leadership leadership = leadership();
    Optional<Throwable> failure = Optional.ofNullable(state.failure().getNow(null));
    if (failure.isPresent()) {
      return CompletableFuture.failedFuture(new IOException("the log has stopped", failure.get()));
    }
    if (!leadership.self()) {
      return CompletableFuture.failedFuture(new NotLeaderException(leadership.leaderId()));
    }
    byte[] sealed = sealer.seal(entry, ReplicaMachine.ENTRY);
    var proposal = new Proposal(UnsafeByteOperations.unsafeWrap(sealed));
    CompletableFuture<Void> result = proposals.propose(proposal, options.proposeTimeout());
    return result.whenComplete(
        (done, late) -> {
          if (late instanceof TimeoutException) {
            yieldWhenDiskHangs();
          }
        });
  }

  /**
   * A leader whose own disk does not come back goes on sending heartbeats and commits nothing: to
   * everybody else it is well. So it makes way by itself.
   */
  private void yieldWhenDiskHangs() {
    RaftLog log = division.getRaftLog();
    boolean behind = log.getFlushIndex() < log.getNextIndex() - 1;
    if (behind && members.all().size() > 1 && yielding.compareAndSet(false, true)) {
      LOG.warn(
          "the disk did not store entry {} in time: giving up leadership", log.getFlushIndex());
      CompletableFuture<Void> _ =
          members
              .transfer("")
              .whenComplete(
                  (done, failure) -> {
                    yielding.set(false);
                    if (failure != null) {
                      LOG.warn("no other manager took over leadership: {}", Reason.of(failure));
                    }
                  });
    }
  }

  /** This replica asks for votes. Any thread. */
  void leaderless() {
    machine.leaderless();
  }

  /** As announced while this replica leads, otherwise as the library knows at this moment. */
  Leadership leadership() {
    Leadership announced = state.announced();
    if (announced.self() || state.failure().isDone() || state.end().isDone()) {
      return announced;
    }
    DivisionInfo info = division.getInfo();
    RaftPeerId leader = info.getLeaderId();
    boolean other = leader != null && !leader.equals(server.getId());
    return new Leadership(other ? leader.toString() : "", info.getCurrentTerm(), false);
  }

  /** Stops loudly: what is under way fails, the others elect a leader, the owner is told. */
  private void stop(Throwable cause, RaftExecutors executors) {
    LOG.error("the log stops after a failure, and this manager accepts no more changes", cause);
    proposals.stop(cause);
    executors.control().execute(this::closeServer);
  }

  /** Waits until it is closed, whoever closes it. */
  private synchronized void closeServer() {
    try {
      server.close();
    } catch (IOException e) {
      LOG.warn("the Raft library did not close cleanly", e);
    }
    state.ended(false);
  }

  @Override
  public void close() {
    proposals.stop(new IOException("the log is closed"));
    closeServer();
    loop.close();
    directory.close();
  }
}
