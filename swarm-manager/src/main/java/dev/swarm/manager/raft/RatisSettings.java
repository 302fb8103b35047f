package dev.swarm.manager.raft;

import dev.swarm.core.port.ReplicatedLog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/**
 * The Raft library's settings. Its defaults are for a server of its own with gigabytes to spend.
 */
final class RatisSettings {
  private static final Duration FIRST_ELECTION_ALONE_MIN = Duration.ofMillis(20);
  private static final Duration FIRST_ELECTION_ALONE_MAX = Duration.ofMillis(40);

  /** Entries are framed by the library with their term, index and client: far less than this. */
  private static final int BATCH_BYTES = ReplicatedLog.ENTRY_BYTES_MAX + (64 << 10);

  private static final int SEGMENT_BYTES = 2 << 20;
  private static final int PENDING_BYTES = 16 << 20;

  private static final TimeDuration FOREVER = time(Duration.ofDays(3650));

  private RatisSettings() {}

  /**
   * @param alone no other voter is known, so there is nobody to wait for before electing itself
   */
  static RaftProperties of(RaftOptions options, Path storage, boolean alone) {
    var properties = new RaftProperties();
    RaftConfigKeys.Rpc.setType(properties, new SwarmRpc());
    RaftServerConfigKeys.setStorageDir(properties, List.of(storage.toFile()));
    elections(properties, options, alone);
    memory(properties);
    disk(properties, options);
    lifeCycle(properties);
    return properties;
  }

  private static void elections(RaftProperties properties, RaftOptions options, boolean alone) {
    Duration min = options.electionTimeoutMin();
    Duration max = options.electionTimeoutMax();
    RaftServerConfigKeys.Rpc.setTimeoutMin(properties, time(min));
    RaftServerConfigKeys.Rpc.setTimeoutMax(properties, time(max));
    RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(
        properties, time(alone ? FIRST_ELECTION_ALONE_MIN : min));
    RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(
        properties, time(alone ? FIRST_ELECTION_ALONE_MAX : max));
    RaftServerConfigKeys.LeaderElection.setPreVote(properties, true);
    RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(properties, FOREVER);
    RaftServerConfigKeys.setStagingTimeout(properties, time(max.multipliedBy(10)));
    // A machine that slept for a minute is no reason to give up the log for good.
    RaftServerConfigKeys.setCloseThreshold(properties, FOREVER);
    RaftServerConfigKeys.setSleepDeviationThreshold(properties, time(min));
  }

  /**
   * To be called when the server is there and its log is about to be made. One setting has two
   * readers. The server's watch over pauses reads it first: after a pause that long a leader would
   * step down, but one that leads alone has nobody to step down for, and another hears of a new
   * leader with the first answer. The log reads it later: a leader that lost its followers does not
   * stand again for so long.
   */
  static void forLog(RaftProperties properties, RaftOptions options) {
    RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(
        properties, time(options.electionTimeoutMax()));
  }

  private static void memory(RaftProperties properties) {
    // Its answers to retried requests; ours are never retried with the same id.
    RaftServerConfigKeys.RetryCache.setExpiryTime(properties, time(Duration.ofSeconds(1)));
    RaftServerConfigKeys.Write.setElementLimit(properties, 4096);
    RaftServerConfigKeys.Write.setByteLimit(properties, SizeInBytes.valueOf(PENDING_BYTES));
    // Above what may be pending, so that an append never waits for the disk under the lock
    // that votes and heartbeats need.
    RaftServerConfigKeys.Log.setQueueElementLimit(properties, 8192);
    RaftServerConfigKeys.Log.setQueueByteLimit(properties, 2 * PENDING_BYTES);
    RaftServerConfigKeys.Log.Appender.setBufferByteLimit(
        properties, SizeInBytes.valueOf(BATCH_BYTES));
    RaftServerConfigKeys.Log.Appender.setBufferElementLimit(properties, 1024);
    // Has to hold one batch with its length and its checksum.
    RaftServerConfigKeys.Log.setWriteBufferSize(properties, SizeInBytes.valueOf(BATCH_BYTES + 64));
    RaftServerConfigKeys.Log.setSegmentCacheNumMax(properties, 1);
    RaftServerConfigKeys.Log.setSegmentCacheSizeMax(
        properties, SizeInBytes.valueOf(2 * SEGMENT_BYTES));
    RaftServerConfigKeys.ThreadPool.setProxyCached(properties, true);
    RaftServerConfigKeys.ThreadPool.setServerCached(properties, true);
    RaftServerConfigKeys.ThreadPool.setClientCached(properties, true);
  }

  private static void disk(RaftProperties properties, RaftOptions options) {
    RaftServerConfigKeys.Log.setSegmentSizeMax(properties, SizeInBytes.valueOf(SEGMENT_BYTES));
    RaftServerConfigKeys.Log.setPreallocatedSize(properties, SizeInBytes.valueOf(1 << 20));
    RaftServerConfigKeys.Log.setForceSyncNum(properties, 128);
    RaftServerConfigKeys.Log.setUnsafeFlushEnabled(properties, false);
    RaftServerConfigKeys.Log.setAsyncFlushEnabled(properties, false);
    RaftServerConfigKeys.Log.setCorruptionPolicy(
        properties, RaftServerConfigKeys.Log.CorruptionPolicy.EXCEPTION);
    // Would write the commit index as an entry of its own, synced, after every entry.
    RaftServerConfigKeys.Log.setLogMetadataEnabled(properties, false);
    RaftServerConfigKeys.Log.setPurgeGap(properties, 1);
    RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(properties, true);
    RaftServerConfigKeys.Log.setPurgePreservationLogNum(properties, options.entriesKept());
    // Followers are told that they lack entries and fetch the snapshot themselves: the library's
    // own way writes the pieces under its lock and swaps directories without syncing them.
    RaftServerConfigKeys.Log.Appender.setInstallSnapshotEnabled(properties, false);
  }

  private static void lifeCycle(RaftProperties properties) {
    RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, false);
    RaftServerConfigKeys.Snapshot.setTriggerWhenStopEnabled(properties, false);
    RaftServerConfigKeys.Snapshot.setTriggerWhenRemoveEnabled(properties, false);
  }

  private static TimeDuration time(Duration duration) {
    return TimeDuration.valueOf(duration.toMillis(), TimeUnit.MILLISECONDS);
  }
}
