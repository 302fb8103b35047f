package dev.swarm.manager.raft;

import dev.swarm.core.port.Reason;
import java.util.Comparator;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppenderBase;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.raftlog.RaftLogIOException;
import org.apache.ratis.util.TimeDuration;
import org.apache.ratis.util.Timestamp;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one follower up to date while this manager leads. One batch of entries is under way at a
 * time; heartbeats go beside it on their own connection, so that a follower whose disk is slow
 * still counts as alive and a large batch does not cost the leadership. Replies are handled on the
 * feed's own thread.
 */
final class FollowerFeed extends LogAppenderBase {
  private static final Logger LOG = LoggerFactory.getLogger(FollowerFeed.class);
  private static final int HEARTBEATS_MAX = 4;
  private static final long PAUSE_MILLIS_MIN = 50;
  private static final long PAUSE_MILLIS_MAX = 500;
  private static final long SNAPSHOT_PAUSE_MILLIS = 100;
  private static final long FILLING_MILLIS = 1000;

  private final RaftTransport transport;
  private final AtomicLong callIds = new AtomicLong();
  private final Queue<Runnable> replies = new ConcurrentLinkedQueue<>();
  private volatile boolean entriesUnderWay;
  private volatile boolean filling;
  private boolean snapshotUnderWay;
  private int heartbeatsUnderWay;
  private int failures;
  private Timestamp pausedSince = Timestamp.currentTime();
  private long pauseMillis;

  FollowerFeed(
      RaftServer.Division server,
      LeaderState leader,
      FollowerInfo follower,
      RaftTransport transport) {
    super(server, leader, follower);
    this.transport = transport;
  }

  @Override
  public void run() throws InterruptedException, RaftLogIOException {
    while (isRunning()) {
      for (Runnable reply = replies.poll(); reply != null; reply = replies.poll()) {
        reply.run();
      }
      if (getHeartbeatWaitTimeMs() <= 0 && heartbeatsUnderWay < HEARTBEATS_MAX) {
        sendHeartbeat();
      }
      if (!entriesUnderWay && !snapshotUnderWay && pauseLeftMillis() == 0) {
        sendWhatItLacks();
      }
      getLeaderState().checkHealth(getFollower());
      if (replies.isEmpty()) {
        getEventAwaitForSignal().await(waitMillis(), TimeUnit.MILLISECONDS);
      }
    }
  }

  /** How long nothing is due unless a signal comes. */
  private long waitMillis() {
    long heartbeat = heartbeatsUnderWay < HEARTBEATS_MAX ? getHeartbeatWaitTimeMs() : 100;
    long pause = pauseLeftMillis();
    boolean wantsEntries = hasAppendEntries() && !entriesUnderWay && !snapshotUnderWay;
    return Math.max(1, wantsEntries && pause > 0 ? Math.min(pause, heartbeat) : heartbeat);
  }

  private void sendHeartbeat() throws RaftLogIOException {
    AppendEntriesRequestProto request = newAppendEntriesRequest(callIds.getAndIncrement(), true);
    resetHeartbeatTrigger();
    heartbeatsUnderWay++;
    getFollower().updateLastRpcSendTime(true);
    Timestamp sent = Timestamp.currentTime();
    onReply(
        transport.heartbeat(request),
        () -> heartbeatsUnderWay--,
        reply -> handleHeartbeat(reply, sent),
        failure -> LOG.debug("{}: heartbeat failed: {}", this, failure.toString()));
  }

  private void sendWhatItLacks() throws RaftLogIOException {
    if (!hasAppendEntries()) {
      return;
    }
    TermIndex firstAvailable = shouldNotifyToInstallSnapshot();
    if (firstAvailable != null) {
      sendSnapshotNotice(firstAvailable);
      return;
    }
    AppendEntriesRequestProto request = nextEntries();
    if (request == null || request.getEntriesCount() == 0) {
      return;
    }
    entriesUnderWay = true;
    getFollower().updateLastRpcSendTime(false);
    Timestamp sent = Timestamp.currentTime();
    onReply(
        transport.append(request),
        () -> entriesUnderWay = false,
        reply -> handleEntries(request, reply, sent),
        this::failed);
  }

  /**
   * The next entries that fit in one request; null where the previous entry is gone. The library
   * would make it a heartbeat instead whenever one is due, which we send apart.
   */
  private @Nullable AppendEntriesRequestProto nextEntries() throws RaftLogIOException {
    filling = true;
    try {
      return newAppendEntriesRequest(callIds.getAndIncrement(), false);
    } finally {
      filling = false;
    }
  }

  private void sendSnapshotNotice(TermIndex firstAvailable) {
    snapshotUnderWay = true;
    getFollower().updateLastRpcSendTime(false);
    onReply(
        transport.install(newInstallSnapshotNotificationRequest(firstAvailable)),
        () -> snapshotUnderWay = false,
        this::handleSnapshotNotice,
        this::failed);
  }

  private void handleHeartbeat(AppendEntriesReplyProto reply, Timestamp sent) {
    getFollower().updateLastRespondedAppendEntriesSendTime(sent);
    switch (reply.getResult()) {
      case SUCCESS ->
          getLeaderState().onFollowerCommitIndex(getFollower(), reply.getFollowerCommit());
      case NOT_LEADER -> onFollowerTerm(reply.getTerm());
      case INCONSISTENCY -> {
        if (!entriesUnderWay) {
          long next = getNextIndexForInconsistency(RaftLog.INVALID_LOG_INDEX, reply.getNextIndex());
          getFollower().setNextIndex(next);
        }
      }
      case UNRECOGNIZED ->
          LOG.warn("{}: a reply of an unknown kind; do all managers run the same version?", this);
    }
    getLeaderState().onAppendEntriesReply(this, reply);
  }

  private void handleEntries(
      AppendEntriesRequestProto request, AppendEntriesReplyProto reply, Timestamp sent) {
    failures = 0;
    getFollower().updateLastRespondedAppendEntriesSendTime(sent);
    switch (reply.getResult()) {
      case SUCCESS -> {
        getLeaderState().onFollowerCommitIndex(getFollower(), reply.getFollowerCommit());
        if (getFollower().updateMatchIndex(reply.getMatchIndex())) {
          getFollower().updateNextIndex(reply.getMatchIndex() + 1);
          getLeaderState().onFollowerSuccessAppendEntries(getFollower());
        }
      }
      case NOT_LEADER -> onFollowerTerm(reply.getTerm());
      case INCONSISTENCY -> {
        long first = request.getEntries(0).getIndex();
        getFollower().setNextIndex(getNextIndexForInconsistency(first, reply.getNextIndex()));
      }
      case UNRECOGNIZED -> failed(new IllegalStateException("unknown reply"));
    }
    getLeaderState().onAppendEntriesReply(this, reply);
  }

  private void handleSnapshotNotice(InstallSnapshotReplyProto reply) {
    failures = 0;
    switch (reply.getResult()) {
      case SUCCESS -> getFollower().setAttemptedToInstallSnapshot();
      case ALREADY_INSTALLED, SNAPSHOT_INSTALLED -> {
        long index = reply.getSnapshotIndex();
        getFollower().setSnapshotIndex(index);
        getFollower().setAttemptedToInstallSnapshot();
        getLeaderState().onFollowerCommitIndex(getFollower(), index);
        getFollower().updateNextIndex(index + 1);
      }
      case SNAPSHOT_UNAVAILABLE -> {
        getFollower().setAttemptedToInstallSnapshot();
        pause(SNAPSHOT_PAUSE_MILLIS);
      }
      case NOT_LEADER -> onFollowerTerm(reply.getTerm());
      case IN_PROGRESS, SNAPSHOT_EXPIRED -> pause(SNAPSHOT_PAUSE_MILLIS);
      case CONF_MISMATCH, UNRECOGNIZED ->
          failed(new IllegalStateException("refused the snapshot: " + reply.getResult()));
    }
  }

  private void failed(Throwable failure) {
    if (failures++ == 0) {
      LOG.warn("{}: manager does not answer: {}", this, Reason.of(failure));
    }
    pause(Math.min(PAUSE_MILLIS_MAX, PAUSE_MILLIS_MIN << Math.min(failures, 4)));
  }

  private void pause(long millis) {
    pausedSince = Timestamp.currentTime();
    pauseMillis = millis;
  }

  private long pauseLeftMillis() {
    return Math.max(0, pauseMillis - pausedSince.elapsedTimeMs());
  }

  /** Notes at once that the follower lives, and leaves the rest to the feed's thread. */
  private <R> void onReply(
      CompletableFuture<R> future, Runnable first, Consumer<R> handle, Consumer<Throwable> fail) {
    CompletableFuture<R> _ =
        future.whenComplete(
            (reply, failure) -> {
              if (failure == null) {
                getFollower().updateLastRpcResponseTime();
              }
              replies.add(
                  () -> {
                    first.run();
                    if (failure == null) {
                      handle.accept(reply);
                    } else {
                      fail.accept(failure);
                    }
                  });
              notifyLogAppender();
            });
  }

  @Override
  public long getHeartbeatWaitTimeMs() {
    return filling ? FILLING_MILLIS : super.getHeartbeatWaitTimeMs();
  }

  @Override
  public boolean hasPendingDataRequests() {
    return entriesUnderWay;
  }

  @Override
  public long getCallId() {
    return callIds.get();
  }

  @Override
  public Comparator<Long> getCallIdComparator() {
    return Comparator.naturalOrder();
  }

  /** Unused: replaced by the pauses above. */
  @Override
  protected TimeDuration getRemainingWaitTime() {
    return TimeDuration.ZERO;
  }
}
