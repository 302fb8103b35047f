package dev.swarm.manager.raft.snapshot;

/**
 * Number of entries and bytes after which a snapshot is taken, and number of snapshots that are
 * kept, unless the state has a rule for it.
 *
 * @param entries a snapshot is taken after so many entries
 * @param bytes or after so many bytes of them
 * @param kept how many snapshots are kept; the newest always is
 */
public record SnapshotLimits(int entries, long bytes, int kept) {
  public SnapshotLimits {
    if (entries <= 0 || bytes <= 0) {
      throw new IllegalArgumentException("snapshots are taken at some point");
    }
    if (kept <= 0) {
      throw new IllegalArgumentException("the newest snapshot is always kept");
    }
  }
}
