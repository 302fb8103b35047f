package dev.swarm.manager.raft;

import com.google.protobuf.ByteString;
import dev.swarm.manager.raft.snapshot.SnapshotPieces;
import dev.swarm.manager.raft.snapshot.Snapshots;
import dev.swarm.v1.RaftGrpc;
import dev.swarm.v1.RaftMessage;
import dev.swarm.v1.ReadSnapshotRequest;
import dev.swarm.v1.ReadSnapshotResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto.AppendResult;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.CommitInfoProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.thirdparty.com.google.protobuf.MessageLite;
import org.apache.ratis.util.JavaUtils;

/**
 * Passes the messages of other managers to the Raft library, on the log's own threads: the thread
 * of a call is given back at once. Callers were already checked to be managers of this cluster.
 */
final class RaftService extends RaftGrpc.RaftImplBase {
  private final String clusterId;
  private final RaftExecutors executors;
  private final Supplier<Optional<RaftServer>> server;
  private final Supplier<Optional<Snapshots>> snapshots;
  private final CatchUp catchUp;

  /**
   * @param server empty before the log has started and after it was closed
   * @param catchUp told of how far the leader is
   */
  RaftService(
      String clusterId,
      RaftExecutors executors,
      Supplier<Optional<RaftServer>> server,
      Supplier<Optional<Snapshots>> snapshots,
      CatchUp catchUp) {
    this.clusterId = clusterId;
    this.executors = executors;
    this.server = server;
    this.snapshots = snapshots;
    this.catchUp = catchUp;
  }

  @Override
  public void requestVote(RaftMessage request, StreamObserver<RaftMessage> observer) {
    reply(
        executors.control(),
        observer,
        raft -> done(raft.requestVote(RequestVoteRequestProto.parseFrom(payload(request)))));
  }

  @Override
  public void startLeaderElection(RaftMessage request, StreamObserver<RaftMessage> observer) {
    reply(
        executors.control(),
        observer,
        raft ->
            done(
                raft.startLeaderElection(
                    StartLeaderElectionRequestProto.parseFrom(payload(request)))));
  }

  @Override
  public void heartbeat(RaftMessage request, StreamObserver<RaftMessage> observer) {
    reply(executors.control(), observer, raft -> append(raft, request));
  }

  @Override
  public void appendEntries(RaftMessage request, StreamObserver<RaftMessage> observer) {
    reply(executors.bulk(), observer, raft -> append(raft, request));
  }

  private CompletableFuture<AppendEntriesReplyProto> append(RaftServer raft, RaftMessage request)
      throws IOException {
    AppendEntriesRequestProto append = AppendEntriesRequestProto.parseFrom(payload(request));
    return raft.appendEntriesAsync(append)
        .whenComplete(
            (reply, failure) -> {
              if (failure == null && reply.getResult() == AppendResult.SUCCESS) {
                catchUp.heard(append.getLeaderTerm(), committed(append));
              }
            });
  }

  /**
   * The last entry that the leader knows to be committed. What it tells as its own commit is cut
   * off at the last entry that the receiver has with this message, which may be far behind.
   */
  static long committed(AppendEntriesRequestProto append) {
    return append.getCommitInfosList().stream()
        .mapToLong(CommitInfoProto::getCommitIndex)
        .reduce(append.getLeaderCommit(), Math::max);
  }

  @Override
  public void installSnapshot(RaftMessage request, StreamObserver<RaftMessage> observer) {
    reply(
        executors.control(),
        observer,
        raft ->
            done(raft.installSnapshot(InstallSnapshotRequestProto.parseFrom(payload(request)))));
  }

  @Override
  public void readSnapshot(
      ReadSnapshotRequest request, StreamObserver<ReadSnapshotResponse> observer) {
    run(
        executors.bulk(),
        observer,
        () -> {
          observer.onNext(piece(request));
          observer.onCompleted();
        });
  }

  private ReadSnapshotResponse piece(ReadSnapshotRequest request) throws IOException {
    if (!request.getClusterId().equals(clusterId)) {
      throw new IOException("this manager belongs to another cluster");
    }
    Snapshots stored = snapshots.get().orElseThrow(() -> new IOException("the log is closed"));
    return SnapshotPieces.read(stored, request);
  }

  private interface Call {
    CompletableFuture<? extends MessageLite> to(RaftServer server) throws IOException;
  }

  private interface Action {
    void run() throws IOException;
  }

  private void reply(Executor executor, StreamObserver<RaftMessage> observer, Call call) {
    run(
        executor,
        observer,
        () -> {
          RaftServer raft = server.get().orElseThrow(() -> new IOException("the log is closed"));
          CompletableFuture<?> _ =
              call.to(raft)
                  .whenComplete(
                      (result, failure) -> {
                        if (failure != null) {
                          observer.onError(status(failure));
                        } else {
                          observer.onNext(message(result));
                          observer.onCompleted();
                        }
                      });
        });
  }

  private static void run(Executor executor, StreamObserver<?> observer, Action action) {
    executor.execute(
        () -> {
          try {
            action.run();
          } catch (IOException | RuntimeException e) {
            observer.onError(status(e));
          }
        });
  }

  private static <T> CompletableFuture<T> done(T value) {
    return CompletableFuture.completedFuture(value);
  }

  private static byte[] payload(RaftMessage message) {
    return message.getPayload().toByteArray();
  }

  private static RaftMessage message(MessageLite reply) {
    ByteString payload = RaftTransport.bytes(reply);
    return RaftMessage.newBuilder().setPayload(payload).build();
  }

  private static RuntimeException status(Throwable failure) {
    Throwable cause = JavaUtils.unwrapCompletionException(failure);
    Status status = cause instanceof NoSuchFileException ? Status.NOT_FOUND : Status.UNAVAILABLE;
    return status.withDescription(cause.getMessage()).withCause(cause).asRuntimeException();
  }
}
