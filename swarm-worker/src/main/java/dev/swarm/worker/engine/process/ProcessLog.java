package dev.swarm.worker.engine.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The log of one task. Its supervisor copies what the process prints to segments of bounded size
 * and number, whether this daemon is there or not; {@link #pump} moves what is in them line by
 * line, with the time, to {@code log}, of which two generations of half the allowed size are kept.
 * Pumping is done by one thread at a time.
 */
final class ProcessLog {
  static final int LINE_BYTES_MAX = 16 << 10;
  // Of one stream in one go: short lines grow, and one task must not keep the daemon from others.
  private static final int RECORD_BYTES_MAX = 1 << 20;
  private static final FileAttribute<?> OWNER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path directory;
  private final long generationBytesMax;
  private final Supplier<Instant> now;
  private final Stream out;
  private final Stream err;

  ProcessLog(TaskDirectory task, long bytesMax, Supplier<Instant> now) {
    this.directory = task.path();
    this.generationBytesMax = bytesMax / 2;
    this.now = now;
    this.out = new Stream(new Segments(task, false), 'o');
    this.err = new Stream(new Segments(task, true), 'e');
  }

  Path newest() {
    return directory.resolve("log");
  }

  Path older() {
    return directory.resolve("log.1");
  }

  /** Moves some of what was written since the last time. Returns whether there may be more. */
  synchronized boolean pump() throws IOException {
    boolean more = out.pump();
    return err.pump() || more;
  }

  /** Moves all that is left, of which a last line without an end is one. */
  synchronized void finish() throws IOException {
    while (pump()) {
      // There is no end yet.
    }
    out.finish();
    err.finish();
  }

  private void append(byte[] lines) throws IOException {
    if (lines.length == 0) {
      return;
    }
    if (Files.exists(newest()) && Files.size(newest()) + lines.length > generationBytesMax) {
      Files.move(newest(), older(), StandardCopyOption.REPLACE_EXISTING);
    }
    try (FileChannel log =
        FileChannel.open(
            newest(), Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND), OWNER)) {
      ByteBuffer bytes = ByteBuffer.wrap(lines);
      while (bytes.hasRemaining()) {
        log.write(bytes);
      }
    }
  }

  /** One of the two streams of the process. */
  private final class Stream {
    private final Segments segments;
    private final char letter;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    Stream(Segments segments, char letter) {
      this.segments = segments;
      this.letter = letter;
    }

    private boolean pump() throws IOException {
      byte[] head = (now.get() + " " + letter + " ").getBytes(StandardCharsets.US_ASCII);
      ByteArrayOutputStream records = new ByteArrayOutputStream();
      boolean more = true;
      while (more && records.size() < RECORD_BYTES_MAX) {
        Segments.Part part = segments.next();
        more = !part.isEmpty();
        if (part.gap()) {
          line.reset();
          line.writeBytes(
              "(some output is lost: it came faster than the daemon read it, or while it was down)"
                  .getBytes(StandardCharsets.US_ASCII));
          record(records, head);
        }
        split(part.bytes().toByteArray(), records, head);
      }
      append(records.toByteArray());
      // A line that is not whole yet is read again by a daemon that comes after this one.
      segments.done(line.size());
      return more;
    }

    private void finish() throws IOException {
      if (line.size() > 0) {
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        record(records, (now.get() + " " + letter + " ").getBytes(StandardCharsets.US_ASCII));
        append(records.toByteArray());
        segments.done(0);
      }
    }

    private void split(byte[] bytes, ByteArrayOutputStream records, byte[] head) {
      int begin = 0;
      for (int i = 0; i < bytes.length; i++) {
        boolean end = bytes[i] == '\n';
        if (end || line.size() + i - begin >= LINE_BYTES_MAX) {
          line.write(bytes, begin, i - begin);
          record(records, head);
          begin = end ? i + 1 : i;
        }
      }
      line.write(bytes, begin, bytes.length - begin);
    }

    /** {@code time stream text}, and begins a new line. */
    private void record(ByteArrayOutputStream records, byte[] head) {
      records.writeBytes(head);
      records.writeBytes(line.toByteArray());
      records.write('\n');
      line.reset();
    }
  }
}
