package dev.swarm.manager.raft;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads of one log beside those of the Raft library. Elections and heartbeats have their own,
 * entries theirs, and snapshots theirs, so that none delays the other. Idle threads end.
 */
final class RaftExecutors implements AutoCloseable {
  private static final Duration IDLE = Duration.ofSeconds(10);

  private final ExecutorService control;
  private final ExecutorService bulk;
  private final ExecutorService snapshots;
  private final ScheduledExecutorService timer;

  RaftExecutors(String peerId) {
    // What comes after the close has to be answered all the same: by whoever brings it.
    control = pool("raft-control-" + peerId, 4, (task, closed) -> task.run());
    bulk = pool("raft-bulk-" + peerId, 4, (task, closed) -> task.run());
    // One writes, one fetches: a joining manager does not wait for an image in the making.
    snapshots = pool("raft-snapshot-" + peerId, 2, new ThreadPoolExecutor.AbortPolicy());
    var scheduled = new ScheduledThreadPoolExecutor(1, named("raft-timer-" + peerId));
    scheduled.setRemoveOnCancelPolicy(true);
    timer = scheduled;
  }

  /** Votes, heartbeats, and what ends the log. */
  ExecutorService control() {
    return control;
  }

  /** Entries. */
  ExecutorService bulk() {
    return bulk;
  }

  /** Writing, sending and fetching snapshots. */
  ExecutorService snapshots() {
    return snapshots;
  }

  ScheduledExecutorService timer() {
    return timer;
  }

  @Override
  public void close() {
    timer.shutdownNow();
    snapshots.shutdownNow();
    bulk.shutdown();
    control.shutdown();
    boolean interrupted = false;
    for (ExecutorService executor : new ExecutorService[] {timer, snapshots, bulk, control}) {
      try {
        executor.awaitTermination(10, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static ExecutorService pool(
      String name, int threads, RejectedExecutionHandler afterClose) {
    var pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE.toMillis(),
            TimeUnit.MILLISECONDS,
            new LinkedBlockingQueue<>(),
            named(name),
            afterClose);
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  private static ThreadFactory named(String name) {
    ThreadFactory threads = Executors.defaultThreadFactory();
    return task -> {
      Thread thread = threads.newThread(task);
      thread.setName(name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
