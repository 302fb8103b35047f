package dev.swarm.manager.log;

import dev.swarm.core.net.HostPort;
import dev.swarm.core.port.ReplicatedLog.Peer;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How one replica of the log runs.
 *
 * @param directory everything it stores; for its owner only
 * @param clusterId replicas of different clusters refuse each other
 * @param self this manager's id, and where the others reach it
 * @param start where its state comes from
 * @param electionTimeoutMin how long a follower waits at least for its leader
 * @param electionTimeoutMax how long at most; also how long a leader leads without a majority
 * @param proposeTimeout after which a proposal's outcome is unknown
 * @param membershipTimeout the same for adding and removing a peer, which has to catch up
 * @param snapshotEntries a snapshot is taken after so many entries, unless the state has a rule for
 *     it
 * @param snapshotBytes or after so many bytes of them
 * @param snapshotsMax how many snapshots are kept, unless the state has a rule for it
 * @param entriesKept how many entries before the newest snapshot are kept for slow followers
 */
public record LogOptions(
    Path directory,
    String clusterId,
    Peer self,
    Start start,
    Duration electionTimeoutMin,
    Duration electionTimeoutMax,
    Duration proposeTimeout,
    Duration membershipTimeout,
    int snapshotEntries,
    long snapshotBytes,
    int snapshotsMax,
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

  public LogOptions {
    require(!clusterId.isEmpty(), "a cluster has an id");
    var _ = HostPort.exact(self.address());
    require(electionTimeoutMin.toMillis() >= 50, "an election timeout is at least 50 ms");
    require(electionTimeoutMin.compareTo(electionTimeoutMax) < 0, "min is less than max");
    require(proposeTimeout.isPositive() && membershipTimeout.isPositive(), "timeouts are positive");
    require(snapshotEntries > 0 && snapshotBytes > 0, "snapshots are taken at some point");
    require(snapshotsMax > 0 && entriesKept >= 0, "the newest snapshot is always kept");
  }

  /** The defaults of a manager. */
  public static LogOptions of(Path directory, String clusterId, Peer self, Start start) {
    return new LogOptions(
        directory,
        clusterId,
        self,
        start,
        Duration.ofMillis(500),
        Duration.ofMillis(900),
        Duration.ofSeconds(10),
        Duration.ofMinutes(2),
        10_000,
        64L << 20,
        1,
        500);
  }

  public LogOptions withElectionTimeouts(Duration min, Duration max) {
    return new LogOptions(
        directory,
        clusterId,
        self,
        start,
        min,
        max,
        proposeTimeout,
        membershipTimeout,
        snapshotEntries,
        snapshotBytes,
        snapshotsMax,
        entriesKept);
  }

  public LogOptions withTimeouts(Duration propose, Duration membership) {
    return new LogOptions(
        directory,
        clusterId,
        self,
        start,
        electionTimeoutMin,
        electionTimeoutMax,
        propose,
        membership,
        snapshotEntries,
        snapshotBytes,
        snapshotsMax,
        entriesKept);
  }

  public LogOptions withSnapshots(int entries, long bytes, int snapshots, int kept) {
    return new LogOptions(
        directory,
        clusterId,
        self,
        start,
        electionTimeoutMin,
        electionTimeoutMax,
        proposeTimeout,
        membershipTimeout,
        entries,
        bytes,
        snapshots,
        kept);
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
