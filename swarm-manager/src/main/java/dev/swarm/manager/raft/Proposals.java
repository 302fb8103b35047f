package dev.swarm.manager.raft;

import dev.swarm.core.port.ReplicatedLog.NotLeaderException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.exceptions.LeaderNotReadyException;
import org.apache.ratis.protocol.exceptions.LeaderSteppingDownException;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.util.JavaUtils;
import org.jspecify.annotations.Nullable;

/**
 * Requests under way in the Raft library: each ends within its bound, and all of them when the log
 * stops. Safe for use by many threads; requests from one thread keep their order. What depends on
 * an outcome runs on threads of ours: the library tells outcomes while it holds its locks, and
 * whoever calls it from there, or waits for another thread that does, stops it for good.
 */
final class Proposals {
  private final RaftServer server;
  private final RaftGroupId group;
  private final ScheduledExecutorService timer;
  private final Executor outcomes;
  private final ClientId client = ClientId.randomId();
  private final AtomicLong callIds = new AtomicLong();
  private final Map<Long, CompletableFuture<Void>> underWay = new ConcurrentHashMap<>();
  private final AtomicLong keys = new AtomicLong();
  private volatile @Nullable Throwable stopped;

  /**
   * @param outcomes runs what depends on an outcome; may be kept waiting
   */
  Proposals(
      RaftServer server, RaftGroupId group, ScheduledExecutorService timer, Executor outcomes) {
    this.server = server;
    this.group = group;
    this.timer = timer;
    this.outcomes = outcomes;
  }

  ClientId client() {
    return client;
  }

  long nextCallId() {
    return callIds.getAndIncrement();
  }

  CompletableFuture<Void> propose(Proposal proposal, Duration timeout) {
    RaftClientRequest request =
        RaftClientRequest.newBuilder()
            .setClientId(client)
            .setServerId(server.getId())
            .setGroupId(group)
            .setCallId(nextCallId())
            .setMessage(proposal)
            .setType(RaftClientRequest.writeRequestType())
            .build();
    return track(() -> server.submitClientRequestAsync(request), proposal, timeout);
  }

  /** Something the library answers with a reply, or throws at once. */
  interface Submission {
    CompletableFuture<RaftClientReply> submit() throws IOException;
  }

  /** A request about the cluster itself: the library refuses it whole or does it. */
  CompletableFuture<Void> administer(Submission submission, Duration timeout) {
    return track(submission, null, timeout);
  }

  private CompletableFuture<Void> track(
      Submission submission, @Nullable Proposal proposal, Duration timeout) {
    var result = new CompletableFuture<Void>();
    long key = keys.getAndIncrement();
    underWay.put(key, result);
    try {
      Future<?> late =
          timer.schedule(
              () -> outcomes.execute(() -> expire(result, timeout)),
              timeout.toMillis(),
              TimeUnit.MILLISECONDS);
      CompletableFuture<Void> _ =
          result.whenComplete(
              (done, failure) -> {
                underWay.remove(key);
                late.cancel(false);
              });
      Throwable cause = stopped;
      if (cause != null) {
        throw new IOException("the log has stopped", cause);
      }
      CompletableFuture<RaftClientReply> _ =
          submission
              .submit()
              .whenCompleteAsync(
                  (reply, failure) -> finish(result, proposal, reply, failure), outcomes);
    } catch (IOException | RuntimeException e) {
      underWay.remove(key);
      result.completeExceptionally(e instanceof RejectedExecutionException ? closed() : e);
    }
    return result;
  }

  /** Ends all that is under way and all that will come. */
  void stop(Throwable cause) {
    stopped = cause;
    for (CompletableFuture<Void> request : underWay.values()) {
      request.completeExceptionally(new IOException("the log stopped: unknown outcome", cause));
    }
  }

  private static void expire(CompletableFuture<Void> result, Duration timeout) {
    result.completeExceptionally(
        new TimeoutException("no answer within " + timeout.toMillis() + " ms: unknown outcome"));
  }

  private static void finish(
      CompletableFuture<Void> result,
      @Nullable Proposal proposal,
      @Nullable RaftClientReply reply,
      @Nullable Throwable failure) {
    Throwable cause =
        reply != null ? reply.getException() : JavaUtils.unwrapCompletionException(failure);
    if (cause == null && reply != null && reply.isSuccess()) {
      result.complete(null);
    } else {
      result.completeExceptionally(explain(proposal, cause));
    }
  }

  private static Throwable explain(@Nullable Proposal proposal, @Nullable Throwable cause) {
    boolean appended = proposal != null && proposal.isAppended();
    if (appended) {
      return new IOException("leadership was lost on the way: unknown outcome", cause);
    }
    return switch (cause) {
      case org.apache.ratis.protocol.exceptions.NotLeaderException e -> notLeader(e);
      case LeaderNotReadyException e -> new NotLeaderException("");
      case LeaderSteppingDownException e -> new NotLeaderException("");
      case null -> new IOException("refused");
      default -> new IOException(cause.getMessage(), cause);
    };
  }

  private static NotLeaderException notLeader(
      org.apache.ratis.protocol.exceptions.NotLeaderException e) {
    RaftPeer leader = e.getSuggestedLeader();
    return new NotLeaderException(leader == null ? "" : leader.getId().toString());
  }

  private static IOException closed() {
    return new IOException("the log is closed");
  }
}
