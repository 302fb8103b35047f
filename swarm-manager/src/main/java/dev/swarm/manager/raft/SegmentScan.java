package dev.swarm.manager.raft;

import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one segment of the Raft library's log before the library does: a file of length, entry and
 * CRC-32C, then zeros. An entry that a loss of power tore apart was never acknowledged and is cut
 * off, which the library does not do inside the space it allocates ahead. Everything else that does
 * not check is damage, and is reported with the file and the entry.
 */
final class SegmentScan {
  private static final Logger LOG = LoggerFactory.getLogger(SegmentScan.class);
  private static final byte[] HEADER = "RaftLog1".getBytes(StandardCharsets.US_ASCII);
  private static final int CHECKSUM_BYTES = 4;

  /** An entry begins with its term, field 1, a number. */
  private static final byte FIRST_TAG = 1 << 3;

  /** What a disk writes at once, or not at all. */
  private static final int SECTOR_BYTES = 512;

  /** So many zeros do not occur in sealed bytes. */
  private static final int ZEROS_MIN = 16;

  private final Path file;
  private final byte[] bytes;
  private int position;
  private long lastIndex = -1;
  private long lastTerm;

  private SegmentScan(Path file) throws IOException {
    this.file = file;
    this.bytes = Files.readAllBytes(file);
  }

  /**
   * @return where its last entry is; index -1 when it has none
   */
  static LogFiles.LastEntry check(Path file, boolean open) throws IOException {
    var scan = new SegmentScan(file);
    scan.entries(open);
    return new LogFiles.LastEntry(scan.lastTerm, scan.lastIndex);
  }

  private void entries(boolean open) throws IOException {
    if (!header()) {
      return;
    }
    position = HEADER.length;
    while (!isZero(position, bytes.length)) {
      int end = entry();
      if (end < 0) {
        if (!open || !isTorn()) {
          throw damaged();
        }
        cutOff();
        return;
      }
      position = end;
    }
  }

  /** False when a crash left the header unfinished, which the library sees itself. */
  private boolean header() throws IOException {
    for (int i = 0; i < HEADER.length; i++) {
      if (i >= bytes.length || (bytes[i] == 0 && isZero(i, bytes.length))) {
        return false;
      }
      if (bytes[i] != HEADER[i]) {
        throw damaged();
      }
    }
    return true;
  }

  /** The end of the entry at the position, or -1 when it does not check. */
  private int entry() {
    try {
      var in = CodedInputStream.newInstance(bytes, position, bytes.length - position);
      int length = in.readRawVarint32();
      int start = position + in.getTotalBytesRead();
      int end = Math.addExact(start, length);
      if (length <= 0 || end > bytes.length - CHECKSUM_BYTES || bytes[start] != FIRST_TAG) {
        return -1;
      }
      var checksum = new CRC32C();
      checksum.update(bytes, position, end - position);
      if (ByteBuffer.wrap(bytes, end, CHECKSUM_BYTES).getInt() != (int) checksum.getValue()) {
        return -1;
      }
      LogEntryProto entry = LogEntryProto.parseFrom(ByteBuffer.wrap(bytes, start, length));
      lastTerm = entry.getTerm();
      lastIndex = entry.getIndex();
      return end + CHECKSUM_BYTES;
    } catch (IOException | ArithmeticException e) {
      return -1;
    }
  }

  /**
   * Whether what is at the position is a write of which some sectors never arrived: one of them is
   * zero although there is data after it, or the data stops with a sector before the entry ends.
   */
  private boolean isTorn() {
    int end = bytes.length;
    while (bytes[end - 1] == 0) {
      end--;
    }
    long claimed = claimedEnd();
    if (lacksSector((int) Math.min(end, claimed))) {
      return true;
    }
    int toSectorEnd = (SECTOR_BYTES - end % SECTOR_BYTES) % SECTOR_BYTES;
    boolean stops = toSectorEnd < ZEROS_MIN || end == bytes.length;
    // A changed length can claim as much; but then the entries after it are still there.
    return claimed > end && stops && !isFollowed(end);
  }

  private boolean lacksSector(int end) {
    for (int from = position; from < end; ) {
      int to = (from / SECTOR_BYTES + 1) * SECTOR_BYTES;
      if (Math.min(end, to) - from >= ZEROS_MIN && isZero(from, Math.min(end, to))) {
        return true;
      }
      from = to;
    }
    return false;
  }

  /** Whether a whole entry is somewhere between the position and {@code end}. */
  private boolean isFollowed(int end) {
    int start = position;
    long index = lastIndex;
    long term = lastTerm;
    try {
      for (position = start + 1; position < end; position++) {
        if (bytes[position] != 0 && entry() >= 0) {
          return true;
        }
      }
      return false;
    } finally {
      position = start;
      lastIndex = index;
      lastTerm = term;
    }
  }

  /** Where the entry at the position says that it ends; far off when its length is not there. */
  private long claimedEnd() {
    if (bytes[position] == 0) {
      return Long.MAX_VALUE;
    }
    try {
      var in = CodedInputStream.newInstance(bytes, position, bytes.length - position);
      int length = in.readRawVarint32();
      return (long) position + in.getTotalBytesRead() + length + CHECKSUM_BYTES;
    } catch (IOException e) {
      return Long.MAX_VALUE;
    }
  }

  private boolean isZero(int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }

  private void cutOff() throws IOException {
    LOG.warn(
        "{}: cut off an unfinished write of {} bytes after entry {}: it was never acknowledged",
        file,
        bytes.length - position,
        lastIndex);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(position);
      channel.force(true);
    }
  }

  private IOException damaged() {
    String after = lastIndex < 0 ? "at its beginning" : "after entry " + lastIndex;
    return new IOException(
        "%s is damaged %s (byte %d): remove this manager's state and join it again"
            .formatted(file, after, position));
  }
}
