package dev.swarm.manager.raft.snapshot;

import com.google.protobuf.UnsafeByteOperations;
import dev.swarm.v1.ReadSnapshotRequest;
import dev.swarm.v1.ReadSnapshotResponse;
import java.io.IOException;
import java.util.Optional;

/** Serves this manager's newest snapshot piece by piece to one that lags too far behind. */
public final class SnapshotPieces {
  private static final int PIECE_BYTES = 512 << 10;

  private SnapshotPieces() {}

  /**
   * The piece that {@code request} asks for: the first is of the newest snapshot and says which one
   * that is; no size means that there is none.
   *
   * @throws java.nio.file.NoSuchFileException when that snapshot was dropped in the meantime
   */
  public static ReadSnapshotResponse read(Snapshots stored, ReadSnapshotRequest request)
      throws IOException {
    Optional<Snapshots.Stored> newest = stored.latest();
    if (newest.isEmpty()) {
      return ReadSnapshotResponse.getDefaultInstance();
    }
    boolean first = request.getOffset() == 0;
    long term = first ? newest.get().term() : request.getTerm();
    long index = first ? newest.get().index() : request.getIndex();
    byte[] data = stored.read(term, index, request.getOffset(), PIECE_BYTES);
    return ReadSnapshotResponse.newBuilder()
        .setTerm(term)
        .setIndex(index)
        .setSize(first ? newest.get().sizeBytes() : request.getOffset() + data.length)
        .setData(UnsafeByteOperations.unsafeWrap(data))
        .build();
  }
}
