package dev.swarm.manager.raft.snapshot;

import dev.swarm.v1.ReadSnapshotRequest;
import dev.swarm.v1.ReadSnapshotResponse;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fetches another manager's newest snapshot piece by piece. */
public final class SnapshotFetch {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotFetch.class);

  private final String clusterId;
  private final Snapshots snapshots;
  private final SnapshotSource source;

  /**
   * @param clusterId managers of another cluster refuse
   * @param snapshots where what is fetched is kept
   */
  public SnapshotFetch(String clusterId, Snapshots snapshots, SnapshotSource source) {
    this.clusterId = clusterId;
    this.snapshots = snapshots;
    this.source = source;
  }

  /**
   * The snapshot of {@code managerId} on this disk; empty when it ends not after {@code applied}.
   */
  Optional<Snapshots.Stored> from(String managerId, long applied) throws IOException {
    ReadSnapshotRequest request = ReadSnapshotRequest.newBuilder().setClusterId(clusterId).build();
    ReadSnapshotResponse piece = source.read(managerId, request);
    if (piece.getSize() == 0 || piece.getIndex() <= applied) {
      return Optional.empty();
    }
    long term = piece.getTerm();
    long index = piece.getIndex();
    long size = piece.getSize();
    try (Snapshots.Incoming incoming = snapshots.receive(term, index)) {
      long offset = 0;
      while (true) {
        incoming.append(piece.getData().toByteArray());
        offset += piece.getData().size();
        if (offset >= size) {
          break;
        }
        piece = source.read(managerId, next(term, index, offset));
        if (piece.getData().isEmpty()) {
          throw new IOException("the snapshot ended at " + offset + " of " + size + " bytes");
        }
      }
      Snapshots.Stored stored = incoming.finish();
      LOG.info("fetched the snapshot of entry {} from {}: {} bytes", index, managerId, size);
      return Optional.of(stored);
    }
  }

  private ReadSnapshotRequest next(long term, long index, long offset) {
    return ReadSnapshotRequest.newBuilder()
        .setClusterId(clusterId)
        .setTerm(term)
        .setIndex(index)
        .setOffset(offset)
        .build();
  }
}
