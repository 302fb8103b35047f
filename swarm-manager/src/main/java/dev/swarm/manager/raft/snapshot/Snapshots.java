package dev.swarm.manager.raft.snapshot;

import dev.swarm.core.port.StateMachine.Image;
import dev.swarm.host.DurableFiles;
import dev.swarm.manager.raft.storage.SealedInput;
import dev.swarm.manager.raft.storage.SealedOutput;
import dev.swarm.manager.raft.storage.Sealer;
import dev.swarm.manager.raft.storage.UnsealException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The snapshots of one replica: sealed files in one directory, each named by the last entry it
 * covers, complete from the moment it has its name. Safe for use by many threads.
 */
public final class Snapshots {
  private static final Pattern NAME = Pattern.compile("snapshot-([0-9a-f]{16})-([0-9a-f]{16})");
  private static final byte[] FORMAT = {'s', 'w', 's', 'n', 'a', 'p', 0, 1};

  /**
   * A snapshot on disk.
   *
   * @param index the last entry it covers
   * @param sizeBytes of the sealed file
   */
  public record Stored(Path file, long term, long index, long sizeBytes) {}

  private final Path directory;
  private final Sealer sealer;
  private volatile int snapshotsMax;
  private volatile Optional<Stored> latest;

  /** Opens {@code directory}, makes it where absent, and drops what a crash left half written. */
  public Snapshots(Path directory, Sealer sealer, int snapshotsMax) throws IOException {
    this.directory = directory;
    this.sealer = sealer;
    this.snapshotsMax = snapshotsMax;
    DurableFiles.createDirectory(directory);
    for (Path file : files()) {
      if (file.getFileName().toString().endsWith(".tmp")) {
        Files.delete(file);
      }
    }
    this.latest = list().stream().findFirst();
  }

  /** From the next snapshot on so many are kept, the newest among them. */
  void keep(int max) {
    snapshotsMax = max;
  }

  public Optional<Stored> latest() {
    return latest;
  }

  /** Writes {@code image} as the snapshot that ends with entry {@code index}; drops old ones. */
  Stored write(long term, long index, Image image) throws IOException {
    Path temporary = temporary("written", term, index);
    try (FileChannel channel = DurableFiles.create(temporary)) {
      OutputStream file = new BufferedOutputStream(Channels.newOutputStream(channel), 128 << 10);
      file.write(FORMAT);
      var out = new SealedOutput(file, sealer, identity(term, index));
      image.write(out);
      out.finish();
      channel.force(true);
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(temporary);
      throw e;
    }
    return publish(temporary, term, index);
  }

  /** Its content, opened; closed by the caller. */
  public InputStream open(Stored stored) throws IOException {
    return open(stored.file(), stored.term(), stored.index());
  }

  private InputStream open(Path file, long term, long index) throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(file), 128 << 10);
    if (!Arrays.equals(in.readNBytes(FORMAT.length), FORMAT)) {
      in.close();
      throw new UnsealException(file.toString(), "it is no snapshot this version knows");
    }
    return new SealedInput(in, sealer, identity(term, index), file.toString());
  }

  /**
   * A piece of a snapshot as it is on disk; at most {@code bytesMax}, empty at its end.
   *
   * @throws NoSuchFileException when that snapshot was dropped in the meantime
   */
  byte[] read(long term, long index, long offset, int bytesMax) throws IOException {
    Path file = directory.resolve(name(term, index));
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long left = Math.max(0, channel.size() - offset);
      ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(left, bytesMax));
      while (buffer.hasRemaining() && channel.read(buffer, offset + buffer.position()) >= 0) {
        // Until full: a snapshot never shrinks.
      }
      return Arrays.copyOf(buffer.array(), buffer.position());
    }
  }

  /** Takes in a snapshot from another replica. One at a time. */
  Incoming receive(long term, long index) throws IOException {
    return new Incoming(term, index);
  }

  /** A snapshot that arrives piece by piece and counts for nothing until {@link #finish}. */
  final class Incoming implements AutoCloseable {
    private final long term;
    private final long index;
    private final Path temporary;
    private final FileChannel channel;

    private Incoming(long term, long index) throws IOException {
      this.term = term;
      this.index = index;
      this.temporary = temporary("received", term, index);
      this.channel = DurableFiles.create(temporary);
    }

    void append(byte[] piece) throws IOException {
      ByteBuffer buffer = ByteBuffer.wrap(piece);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    }

    /** Puts it on the disk, checks that all of it opens, and makes it one of the snapshots. */
    Stored finish() throws IOException {
      channel.force(true);
      try (InputStream in = open(temporary, term, index)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
      return publish(temporary, term, index);
    }

    @Override
    public void close() throws IOException {
      channel.close();
      Files.deleteIfExists(temporary);
    }
  }

  private synchronized Stored publish(Path temporary, long term, long index) throws IOException {
    Path file = directory.resolve(name(term, index));
    DurableFiles.publish(temporary, file);
    List<Stored> all = list();
    latest = all.stream().findFirst();
    for (Stored old : all.subList(Math.min(snapshotsMax, all.size()), all.size())) {
      Files.deleteIfExists(old.file());
    }
    return new Stored(file, term, index, Files.size(file));
  }

  /** The newest first. */
  private List<Stored> list() throws IOException {
    List<Stored> all = new ArrayList<>();
    for (Path file : files()) {
      Matcher name = NAME.matcher(file.getFileName().toString());
      if (name.matches()) {
        long term = Long.parseUnsignedLong(name.group(1), 16);
        long index = Long.parseUnsignedLong(name.group(2), 16);
        all.add(new Stored(file, term, index, Files.size(file)));
      }
    }
    all.sort(Comparator.comparingLong(Stored::index).reversed());
    return all;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }

  private Path temporary(String origin, long term, long index) {
    return directory.resolve(name(term, index) + "." + origin + ".tmp");
  }

  private static String name(long term, long index) {
    return "snapshot-%016x-%016x".formatted(term, index);
  }

  /** Binds the frames of a file to the entry it ends with: no snapshot passes for another one. */
  private static byte[] identity(long term, long index) {
    return ByteBuffer.allocate(FORMAT.length + 2 * Long.BYTES)
        .put(FORMAT)
        .putLong(term)
        .putLong(index)
        .array();
  }
}
