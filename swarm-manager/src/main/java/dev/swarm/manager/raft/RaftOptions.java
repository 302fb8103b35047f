package dev.swarm.manager.raft;

import dev.swarm.core.net.HostPort;
import dev.swarm.core.port.ReplicatedLog.Peer;
import dev.swarm.manager.raft.snapshot.SnapshotLimits;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Configuration of one replica of the log.
 *
 * @param directory everything it stores; for its owner only
 * @param clusterId replicas of different clusters refuse each other
 * @param self this manager's id, and where the others reach it
 * @param start where its state comes from
 * @param electionTimeoutMin how long a follower waits at least for its leader
 * @param electionTimeoutMax how long at most; also how long a leader leads without a majority
 * @param proposeTimeout after which a proposal's outcome is unknown
 * @param membershipTimeout the same for adding and removing a peer, which has to catch up
 * @param snapshots when a snapshot is taken
 * @param entriesKept how many entries before the newest snapshot are kept for slow followers
 */
public record RaftOptions(
    Path directory,
    String clusterId,
    Peer self,
    Start start,
    Duration electionTimeoutMin,
    Duration electionTimeoutMax,
    Duration proposeTimeout,
    Duration membershipTimeout,
    SnapshotLimits snapshots,
    int entriesKept) {

  /** Where the state of a replica comes from. */
  public enum Start {
    /**
     * Nowhere: it becomes the only voter of a new cluster. Refused where there is a log already.
     */
    NEW_CLUSTER,
    /** From the leader that will add it; until then it does not vote. */
    JOIN,
    /** From its directory, where it must be. */
    RESTART,
    /**
     * From its directory, after the majority was lost for good: it becomes the only voter, and what
     * it has in its log counts as committed. The lost managers must not come back.
     */
    FORCE_NEW_CLUSTER
  }

  public RaftOptions {
    require(!clusterId.isEmpty(), "a cluster has an id");
    var _ = HostPort.exact(self.address());
    require(electionTimeoutMin.toMillis() >= 50, "an election timeout is at least 50 ms");
    require(electionTimeoutMin.compareTo(electionTimeoutMax) < 0, "min is less than max");
    require(proposeTimeout.isPositive() && membershipTimeout.isPositive(), "timeouts are positive");
    require(entriesKept >= 0, "the newest snapshot is always kept");
  }

  /** The defaults of a manager. */
  public static RaftOptions of(Path directory, String clusterId, Peer self, Start start) {
    return new RaftOptions(
        directory,
        clusterId,
        self,
        start,
        Duration.ofMillis(500),
        Duration.ofMillis(900),
        Duration.ofSeconds(10),
        Duration.ofMinutes(2),
        new SnapshotLimits(10_000, 64L << 20, 1),
        500);
  }

  public RaftOptions withElectionTimeouts(Duration min, Duration max) {
    return new RaftOptions(
        directory,
        clusterId,
        self,
        start,
        min,
        max,
        proposeTimeout,
        membershipTimeout,
        snapshots,
        entriesKept);
  }

  public RaftOptions withTimeouts(Duration propose, Duration membership) {
    return new RaftOptions(
        directory,
        clusterId,
        self,
        start,
        electionTimeoutMin,
        electionTimeoutMax,
        propose,
        membership,
        snapshots,
        entriesKept);
  }

  public RaftOptions withSnapshots(int entries, long bytes, int snapshots, int kept) {
    return new RaftOptions(
        directory,
        clusterId,
        self,
        start,
        electionTimeoutMin,
        electionTimeoutMax,
        proposeTimeout,
        membershipTimeout,
        new SnapshotLimits(entries, bytes, snapshots),
        kept);
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
