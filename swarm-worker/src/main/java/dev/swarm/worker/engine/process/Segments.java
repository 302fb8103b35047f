package dev.swarm.worker.engine.process;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * Output of one stream of a process, as its supervisor keeps it: segments with rising numbers, of
 * which the last is being written. One that was read is deleted here; where nobody reads, the
 * supervisor deletes the oldest itself. For one thread at a time.
 */
final class Segments {
  private static final int PART_BYTES = 64 << 10;
  private static final Part NOTHING = new Part(ByteString.EMPTY, false);

  private final TaskDirectory directory;
  private final boolean stderr;
  // Where the next part begins, and the first segment that is still here.
  private long number = -1;
  private long offset;
  private long oldest;
  // The length of the segment before, for a line that began in it.
  private long lengthBefore;
  private String written = "";

  Segments(TaskDirectory directory, boolean stderr) {
    this.directory = directory;
    this.stderr = stderr;
  }

  /**
   * @param gap whether something that was before these is lost
   */
  record Part(ByteString bytes, boolean gap) {
    boolean isEmpty() {
      return bytes.isEmpty();
    }
  }

  /** What follows, or nothing yet. */
  Part next() throws IOException {
    if (number < 0) {
      readMark();
    }
    Part part = read(false);
    if (!part.isEmpty()) {
      return part;
    }
    OptionalLong later = later();
    if (later.isEmpty()) {
      return NOTHING;
    }
    // This one is whole, now that there is another; it may have grown since it was read.
    Part rest = read(false);
    if (!rest.isEmpty()) {
      return rest;
    }
    boolean gap = later.getAsLong() > number + 1 || !Files.exists(file(number));
    lengthBefore = offset;
    number = later.getAsLong();
    offset = 0;
    return read(gap);
  }

  private Part read(boolean gap) throws IOException {
    try (RandomAccessFile segment = new RandomAccessFile(file(number).toFile(), "r")) {
      byte[] bytes = new byte[Math.clamp(segment.length() - offset, 0, PART_BYTES)];
      segment.seek(offset);
      segment.readFully(bytes);
      offset += bytes.length;
      return new Part(UnsafeByteOperations.unsafeWrap(bytes), gap);
    } catch (FileNotFoundException e) {
      return NOTHING;
    }
  }

  /** The first segment after this one. */
  private OptionalLong later() throws IOException {
    if (Files.exists(file(number + 1))) {
      return OptionalLong.of(number + 1);
    }
    if (Files.exists(file(number))) {
      return OptionalLong.empty();
    }
    String prefix = TaskDirectory.segmentPrefix(stderr);
    OptionalLong first = OptionalLong.empty();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(directory.path(), prefix + "[0-9]*")) {
      for (Path each : files) {
        long found = Long.parseLong(each.getFileName().toString().substring(prefix.length()));
        if (found > number && (first.isEmpty() || found < first.getAsLong())) {
          first = OptionalLong.of(found);
        }
      }
    } catch (NoSuchFileException e) {
      return OptionalLong.empty();
    }
    return first;
  }

  private Path file(long segment) {
    return directory.segment(stderr, segment);
  }

  /**
   * Remembers how far was read and lets go of what is not needed any more.
   *
   * @param again how many of the last bytes another daemon is to read again
   */
  void done(int again) throws IOException {
    if (number < 0 || !Files.exists(directory.path())) {
      return;
    }
    boolean before = again > offset && number > 0 && Files.exists(file(number - 1));
    long segment = before ? number - 1 : number;
    long position =
        before ? Math.max(0, lengthBefore - (again - offset)) : Math.max(0, offset - again);
    String mark = segment + " " + position;
    if (mark.equals(written)) {
      return;
    }
    Files.writeString(directory.mark(stderr), mark);
    written = mark;
    for (; oldest < segment; oldest++) {
      Files.deleteIfExists(file(oldest));
    }
  }

  private void readMark() throws IOException {
    number = 0;
    offset = 0;
    try {
      String[] mark = Files.readString(directory.mark(stderr)).strip().split(" ", 2);
      if (mark.length == 2) {
        number = Long.parseLong(mark[0]);
        offset = Long.parseLong(mark[1]);
      }
    } catch (NoSuchFileException | NumberFormatException e) {
      // Nothing was read before.
    }
    oldest = number;
  }
}
