package dev.swarm.host;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Writes files durably and atomically: once a method has returned, the file is whole on the disk.
 */
public final class DurableFiles {
  /** Ends the name of a file that is being written; after a crash one may be left. */
  public static final String UNFINISHED = "~";

  private static final Set<PosixFilePermission> OWNER_DIRECTORY =
      PosixFilePermissions.fromString("rwx------");

  private DurableFiles() {}

  /** Who may read a file. Only its owner may write it. */
  public enum Readers {
    OWNER("rw-------"),
    EVERYBODY("rw-r--r--");

    private final Set<PosixFilePermission> mode;

    Readers(String mode) {
      this.mode = PosixFilePermissions.fromString(mode);
    }
  }

  /** Makes {@code directory} and its parents where absent, for its owner only. */
  public static void createDirectory(Path directory) throws IOException {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(OWNER_DIRECTORY));
    }
  }

  /** A new, empty file that only its owner can read; an older one of that name is dropped. */
  public static FileChannel create(Path file) throws IOException {
    return create(file, Readers.OWNER);
  }

  private static FileChannel create(Path file, Readers readers) throws IOException {
    Files.deleteIfExists(file);
    return FileChannel.open(
        file,
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
        PosixFilePermissions.asFileAttribute(readers.mode));
  }

  /** Puts {@code content} in the place of {@code file}: a crash leaves the old or the new one. */
  public static void replace(Path file, byte[] content) throws IOException {
    Path unfinished = file.resolveSibling(file.getFileName() + UNFINISHED);
    write(unfinished, content, Readers.OWNER);
    publish(unfinished, file);
  }

  /** A file that nobody looks at before it is {@link #publish published}. */
  public static void write(Path file, byte[] content, Readers readers) throws IOException {
    try (FileChannel out = create(file, readers)) {
      ByteBuffer buffer = ByteBuffer.wrap(content);
      while (buffer.hasRemaining()) {
        out.write(buffer);
      }
      out.force(true);
    }
  }

  /** Renames a file that is already on the disk, and puts the rename on the disk. */
  public static void publish(Path unfinished, Path file) throws IOException {
    Files.move(
        unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    force(file.resolveSibling("."));
  }

  /** Puts a directory's names on the disk. */
  public static void force(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
