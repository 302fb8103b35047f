package dev.swarm.worker.disk;

import dev.swarm.core.port.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Each value a file of mode 0600 in one directory of mode 0700. Safe for use by many threads. */
public final class FileDisk implements Disk {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}");
  // Names never end so: what does is a write that a crash cut short.
  private static final String UNFINISHED = "~";
  private static final FileAttribute<?> OWNER_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<?> OWNER_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private final Path directory;

  /** Creates {@code directory} if it is absent and clears what a crash left half written. */
  public FileDisk(Path directory) throws IOException {
    this.directory = directory;
    Files.createDirectories(directory, OWNER_DIRECTORY);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + UNFINISHED)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
  }

  @Override
  public synchronized void put(String name, byte[] value) throws IOException {
    Path target = directory.resolve(checked(name));
    Path unfinished = directory.resolve(name + UNFINISHED);
    Files.deleteIfExists(unfinished);
    try (FileChannel out =
        FileChannel.open(
            unfinished,
            EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            OWNER_FILE)) {
      ByteBuffer bytes = ByteBuffer.wrap(value);
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
    Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
    syncDirectory();
  }

  @Override
  public synchronized void remove(String name) throws IOException {
    if (Files.deleteIfExists(directory.resolve(checked(name)))) {
      syncDirectory();
    }
  }

  @Override
  public synchronized Map<String, byte[]> readAll() throws IOException {
    Map<String, byte[]> values = new TreeMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        if (NAME.matcher(name).matches() && Files.isRegularFile(file)) {
          values.put(name, Files.readAllBytes(file));
        }
      }
    }
    return values;
  }

  private static String checked(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("not a name for a stored value: " + name);
    }
    return name;
  }

  /** A rename is durable only once the directory is. */
  private void syncDirectory() throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
