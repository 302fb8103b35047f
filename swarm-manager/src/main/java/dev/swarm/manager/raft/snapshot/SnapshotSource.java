package dev.swarm.manager.raft.snapshot;

import dev.swarm.v1.ReadSnapshotRequest;
import dev.swarm.v1.ReadSnapshotResponse;
import java.io.IOException;

/** The other managers, each asked for a piece of its newest snapshot. Blocks. */
@FunctionalInterface
public interface SnapshotSource {
  /**
   * @param managerId whom to ask
   * @throws IOException when there is no answer in time, or no such snapshot any more
   */
  ReadSnapshotResponse read(String managerId, ReadSnapshotRequest request) throws IOException;
}
