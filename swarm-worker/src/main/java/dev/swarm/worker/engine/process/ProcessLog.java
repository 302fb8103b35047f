package dev.swarm.worker.engine.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * The log of one task. The process writes to two spool files, so that it neither dies nor stalls
 * when this daemon is away; {@link #pump} moves what it wrote line by line, with the time, to
 * {@code log}, of which two generations of half the allowed size are kept. What a process writes in
 * the instant in which an emptied spool is cut may be lost. Pumping is done by one thread at a
 * time.
 */
final class ProcessLog {
  static final int LINE_BYTES_MAX = 16 << 10;
  private static final int CHUNK_BYTES = 256 << 10;
  private static final long SPOOL_CUT_BYTES = 256 << 10;
  private static final long SPOOL_LAG_BYTES_MAX = 32L << 20;

  private final Path directory;
  private final long generationBytesMax;
  private final Supplier<Instant> now;
  private final Spool out;
  private final Spool err;

  ProcessLog(TaskDirectory task, long bytesMax, Supplier<Instant> now) {
    this.directory = task.path();
    this.generationBytesMax = bytesMax / 2;
    this.now = now;
    this.out = new Spool(task.spool(false), 'o');
    this.err = new Spool(task.spool(true), 'e');
  }

  Path newest() {
    return directory.resolve("log");
  }

  Path older() {
    return directory.resolve("log.1");
  }

  /**
   * Moves what was written since the last time.
   *
   * @param ended whether no more will come, so that a last line without an end is one
   */
  synchronized void pump(boolean ended) throws IOException {
    out.pump(ended);
    err.pump(ended);
  }

  private void append(byte[] lines) throws IOException {
    if (lines.length == 0) {
      return;
    }
    if (Files.exists(newest()) && Files.size(newest()) + lines.length > generationBytesMax) {
      Files.move(newest(), older(), StandardCopyOption.REPLACE_EXISTING);
    }
    try (OutputStream log =
        Files.newOutputStream(newest(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      log.write(lines);
    }
  }

  /** One of the two files the process writes to, and how far it was read. */
  private final class Spool {
    private final Path file;
    private final Path mark;
    private final char stream;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long offset = -1;

    Spool(Path file, char stream) {
      this.file = file;
      this.mark = file.resolveSibling(file.getFileName() + ".read");
      this.stream = stream;
    }

    private void pump(boolean ended) throws IOException {
      if (!Files.exists(file)) {
        return;
      }
      if (offset < 0) {
        offset = readMark();
      }
      try (RandomAccessFile spool = new RandomAccessFile(file.toFile(), "rw")) {
        long lag = spool.length() - offset;
        if (lag > SPOOL_LAG_BYTES_MAX) {
          offset = spool.length() - CHUNK_BYTES;
          line.reset();
          line.writeBytes(
              "(some output was written too fast and is lost)\n"
                  .getBytes(StandardCharsets.US_ASCII));
        }
        boolean moved = move(spool);
        if (ended && line.size() > 0) {
          append(record());
        }
        if (offset == spool.length() && offset >= SPOOL_CUT_BYTES) {
          spool.setLength(0);
          offset = 0;
          moved = true;
        }
        if (moved) {
          // A line that is not whole yet is read again by a daemon that comes after this one.
          Files.writeString(mark, Long.toString(Math.max(0, offset - line.size())));
        }
      }
    }

    private boolean move(RandomAccessFile spool) throws IOException {
      boolean moved = false;
      byte[] chunk = new byte[CHUNK_BYTES];
      spool.seek(offset);
      for (int read = spool.read(chunk); read > 0; read = spool.read(chunk)) {
        offset += read;
        moved = true;
        append(records(chunk, read));
      }
      return moved;
    }

    private byte[] records(byte[] chunk, int length) {
      ByteArrayOutputStream records = new ByteArrayOutputStream();
      for (int i = 0; i < length; i++) {
        if (chunk[i] == '\n' || line.size() >= LINE_BYTES_MAX) {
          records.writeBytes(record());
        }
        if (chunk[i] != '\n') {
          line.write(chunk[i]);
        }
      }
      return records.toByteArray();
    }

    /** {@code time stream text}, and begins a new line. */
    private byte[] record() {
      ByteArrayOutputStream record = new ByteArrayOutputStream();
      record.writeBytes((now.get() + " " + stream + " ").getBytes(StandardCharsets.US_ASCII));
      record.writeBytes(line.toByteArray());
      record.write('\n');
      line.reset();
      return record.toByteArray();
    }

    private long readMark() throws IOException {
      try {
        return Math.min(Long.parseLong(Files.readString(mark).strip()), Files.size(file));
      } catch (NoSuchFileException | NumberFormatException e) {
        return 0;
      }
    }
  }
}
