package dev.swarm.worker.disk;

import dev.swarm.core.port.Disk;
import dev.swarm.host.DurableFiles;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Stores each value as a file of mode 0600 in one directory of mode 0700. Safe for use by many
 * threads.
 */
public final class FileDisk implements Disk {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}");
  private final Path directory;

  /** Creates {@code directory} if it is absent and clears what a crash left half written. */
  public FileDisk(Path directory) throws IOException {
    this.directory = directory;
    DurableFiles.createDirectory(directory);
    // No name ends so: what does is a write that a crash cut short.
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(directory, "*" + DurableFiles.UNFINISHED)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
  }

  @Override
  public synchronized void put(String name, byte[] value) throws IOException {
    DurableFiles.replace(directory.resolve(checked(name)), value);
  }

  @Override
  public synchronized void remove(String name) throws IOException {
    if (Files.deleteIfExists(directory.resolve(checked(name)))) {
      DurableFiles.force(directory);
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
}
