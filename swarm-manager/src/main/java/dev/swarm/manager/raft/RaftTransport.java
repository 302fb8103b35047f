package dev.swarm.manager.raft;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.swarm.core.net.HostPort;
import dev.swarm.core.port.Reason;
import dev.swarm.core.port.ReplicatedLog.Peer;
import dev.swarm.manager.raft.PeerConnections.Lane;
import dev.swarm.v1.RaftGrpc;
import dev.swarm.v1.RaftGrpc.RaftFutureStub;
import dev.swarm.v1.RaftMessage;
import dev.swarm.v1.ReadSnapshotRequest;
import dev.swarm.v1.ReadSnapshotResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionReplyProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServerRpc;
import org.apache.ratis.thirdparty.com.google.protobuf.MessageLite;
import org.apache.ratis.util.Timestamp;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Transport of the Raft library to other managers: its messages inside ours, over gRPC. Its
 * protobuf classes are shaded, so a message crosses as bytes.
 */
final class RaftTransport implements RaftServerRpc {
  private static final Logger LOG = LoggerFactory.getLogger(RaftTransport.class);

  /** Two bounds for one reason: no call may hang for longer than its sender can use the answer. */
  record Deadlines(Duration control, Duration bulk) {}

  private final RaftPeerId self;
  private final InetSocketAddress address;
  private final PeerConnections connections;
  private final Executor callbacks;
  private final Deadlines deadlines;
  private final Runnable candidate;
  private final Runnable removed;
  private final Map<String, Timestamp> answeredAt = new ConcurrentHashMap<>();

  /**
   * @param candidate told that this manager asks for a vote: it knows of no leader
   * @param removed run when another manager says that this one is no voter any more
   */
  RaftTransport(
      Peer self,
      PeerConnections connections,
      Executor callbacks,
      Deadlines deadlines,
      Runnable candidate,
      Runnable removed) {
    this.self = RaftPeerId.valueOf(self.id());
    HostPort at = HostPort.exact(self.address());
    this.address = InetSocketAddress.createUnresolved(at.host(), at.port());
    this.connections = connections;
    this.callbacks = callbacks;
    this.deadlines = deadlines;
    this.candidate = candidate;
    this.removed = removed;
  }

  /** Whether {@code peerId} answered anything within the last {@code within}. */
  boolean answered(String peerId, Duration within) {
    Timestamp at = answeredAt.get(peerId);
    return at != null && at.elapsedTimeMs() < within.toMillis();
  }

  CompletableFuture<AppendEntriesReplyProto> heartbeat(AppendEntriesRequestProto request) {
    return call(
        request.getServerRequest().getReplyId().toStringUtf8(),
        Lane.CONTROL,
        request,
        RaftFutureStub::heartbeat,
        AppendEntriesReplyProto::parseFrom);
  }

  CompletableFuture<AppendEntriesReplyProto> append(AppendEntriesRequestProto request) {
    return call(
        request.getServerRequest().getReplyId().toStringUtf8(),
        Lane.BULK,
        request,
        RaftFutureStub::appendEntries,
        AppendEntriesReplyProto::parseFrom);
  }

  CompletableFuture<InstallSnapshotReplyProto> install(InstallSnapshotRequestProto request) {
    return call(
        request.getServerRequest().getReplyId().toStringUtf8(),
        Lane.CONTROL,
        request,
        RaftFutureStub::installSnapshot,
        InstallSnapshotReplyProto::parseFrom);
  }

  ReadSnapshotResponse readSnapshot(String peerId, ReadSnapshotRequest request) throws IOException {
    return await(send(peerId, Lane.BULK, stub -> stub.readSnapshot(request)));
  }

  @Override
  public RequestVoteReplyProto requestVote(RequestVoteRequestProto request) throws IOException {
    candidate.run();
    RequestVoteReplyProto reply =
        await(
            call(
                request.getServerRequest().getReplyId().toStringUtf8(),
                Lane.CONTROL,
                request,
                RaftFutureStub::requestVote,
                RequestVoteReplyProto::parseFrom));
    if (reply.getShouldShutdown()) {
      LOG.info(
          "manager {} says that this manager was removed from the log",
          reply.getServerReply().getReplyId().toStringUtf8());
      removed.run();
    }
    return reply;
  }

  @Override
  public StartLeaderElectionReplyProto startLeaderElection(StartLeaderElectionRequestProto request)
      throws IOException {
    return await(
        call(
            request.getServerRequest().getReplyId().toStringUtf8(),
            Lane.CONTROL,
            request,
            RaftFutureStub::startLeaderElection,
            StartLeaderElectionReplyProto::parseFrom));
  }

  @Override
  public AppendEntriesReplyProto appendEntries(AppendEntriesRequestProto request)
      throws IOException {
    return await(append(request));
  }

  @Override
  public InstallSnapshotReplyProto installSnapshot(InstallSnapshotRequestProto request)
      throws IOException {
    return await(install(request));
  }

  @Override
  public void addRaftPeers(Collection<RaftPeer> peers) {
    for (RaftPeer peer : peers) {
      if (!peer.getId().equals(self) && peer.getAddress() != null) {
        connections.learn(new Peer(peer.getId().toString(), peer.getAddress()));
      }
    }
  }

  @Override
  public void handleException(RaftPeerId peer, Exception failure, boolean reconnect) {
    // The next call reconnects by itself.
  }

  @Override
  public InetSocketAddress getInetSocketAddress() {
    return address;
  }

  @Override
  public RpcType getRpcType() {
    return new SwarmRpc();
  }

  @Override
  public void start() {
    // The manager's one gRPC server listens, not the log.
  }

  @Override
  public void close() {
    // The connections belong to the log, which closes them after the server.
  }

  /** Parses a reply; the library's parsers throw a shaded exception that is an IOException. */
  private interface Parser<R> {
    R parse(byte[] bytes) throws IOException;
  }

  private <R> CompletableFuture<R> call(
      String peerId,
      Lane lane,
      MessageLite request,
      BiFunction<RaftFutureStub, RaftMessage, ListenableFuture<RaftMessage>> method,
      Parser<R> parser) {
    RaftMessage message = RaftMessage.newBuilder().setPayload(bytes(request)).build();
    return send(peerId, lane, stub -> method.apply(stub, message))
        .thenApply(
            reply -> {
              try {
                return parser.parse(reply.getPayload().toByteArray());
              } catch (IOException e) {
                throw new CompletionException(e);
              }
            });
  }

  private <R> CompletableFuture<R> send(
      String peerId, Lane lane, Function<RaftFutureStub, ListenableFuture<R>> method) {
    var result = new CompletableFuture<R>();
    try {
      Duration deadline = lane == Lane.CONTROL ? deadlines.control() : deadlines.bulk();
      RaftFutureStub stub =
          RaftGrpc.newFutureStub(connections.to(peerId, lane))
              .withExecutor(callbacks)
              .withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS);
      ListenableFuture<R> reply = method.apply(stub);
      reply.addListener(() -> complete(peerId, result, reply), Runnable::run);
    } catch (IOException e) {
      result.completeExceptionally(e);
    }
    return result;
  }

  private <R> void complete(String peerId, CompletableFuture<R> result, ListenableFuture<R> reply) {
    switch (reply.state()) {
      case SUCCESS -> {
        answeredAt.put(peerId, Timestamp.currentTime());
        result.complete(reply.resultNow());
      }
      case FAILED -> result.completeExceptionally(reply.exceptionNow());
      case CANCELLED, RUNNING -> result.completeExceptionally(new IOException("cancelled"));
    }
  }

  static ByteString bytes(MessageLite message) {
    return UnsafeByteOperations.unsafeWrap(message.toByteArray());
  }

  private static <R> R await(CompletableFuture<R> future) throws IOException {
    try {
      return future.get();
    } catch (InterruptedException e) {
      future.cancel(true);
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for another manager");
    } catch (ExecutionException e) {
      throw new IOException("a call to another manager failed: " + Reason.of(e), e.getCause());
    }
  }
}
