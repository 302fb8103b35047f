package dev.swarm.worker.disk;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Removes a directory of ours with things in it that are not: files that a task wrote, and may
 * still be writing. It is removed through open directories and names in them, never by a path of
 * more than one name, so that nothing outside of it is touched whatever is a link by the time it is
 * reached.
 *
 * <p>No tree is too deep: a directory is brought up to the top, where only we can write, before it
 * is looked into, so that two levels are open at a time.
 */
public final class ForeignTree {
  private static final Path HERE = Path.of(".");
  private static final String RAISED = ".removed-";
  private static final int PASSES_MAX = 1 << 20;

  private static final Set<PosixFilePermission> OWNER =
      PosixFilePermissions.fromString("rwx------");

  private final Path directory;
  private final SecureDirectoryStream<Path> top;
  private long raised;

  private ForeignTree(Path directory, SecureDirectoryStream<Path> top) {
    this.directory = directory;
    this.top = top;
  }

  /**
   * Removes {@code directory} and everything below it, if it is there.
   *
   * @param directory in which, itself, nobody else may write
   * @throws IOException if something in it cannot be removed; removing it again goes on from there
   */
  public static void delete(Path directory) throws IOException {
    Path absolute = directory.toAbsolutePath();
    Path parent = absolute.getParent();
    Path name = absolute.getFileName();
    if (parent == null || name == null) {
      throw new IOException("will not remove " + directory);
    }
    if (!Files.exists(absolute, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (SecureDirectoryStream<Path> above = open(parent)) {
      if (!isDirectory(above, name)) {
        above.deleteFile(name);
        return;
      }
      if (closed(absolute)) {
        reopen(absolute);
      }
      try (SecureDirectoryStream<Path> top = open(above, name)) {
        new ForeignTree(absolute, top).clear();
      }
      above.deleteDirectory(name);
    }
  }

  private void clear() throws IOException {
    for (int pass = 0; pass < PASSES_MAX; pass++) {
      if (!clearWhatIsThere()) {
        return;
      }
    }
    throw new IOException("files are made as fast as they are removed");
  }

  /** Returns whether there was anything. */
  private boolean clearWhatIsThere() throws IOException {
    boolean any = false;
    try (SecureDirectoryStream<Path> entries = open(top, HERE)) {
      for (Path entry : entries) {
        any = true;
        clear(entry.getFileName());
      }
    }
    return any;
  }

  private void clear(Path name) throws IOException {
    try {
      if (!isDirectory(top, name)) {
        top.deleteFile(name);
        return;
      }
      if (closed(directory.resolve(name))) {
        reopen(directory.resolve(name));
      }
      try (SecureDirectoryStream<Path> below = open(top, name)) {
        for (Path entry : below) {
          takeOut(below, entry.getFileName(), directory.resolve(name));
        }
      }
      top.deleteDirectory(name);
    } catch (NoSuchFileException | DirectoryNotEmptyException e) {
      // Somebody is at work in there. The next pass looks again.
    }
  }

  /**
   * @param path of {@code below}
   */
  private void takeOut(SecureDirectoryStream<Path> below, Path name, Path path) throws IOException {
    if (!isDirectory(below, name)) {
      below.deleteFile(name);
      return;
    }
    try {
      below.deleteDirectory(name);
    } catch (DirectoryNotEmptyException e) {
      if (closed(path.resolve(name))) {
        reopen(path.resolve(name));
      }
      below.move(name, top, free());
    }
  }

  /**
   * Whether a directory keeps out this very daemon, as its tasks can make one where they run as its
   * own user. Nothing keeps out root.
   */
  private static boolean closed(Path directory) {
    return !Files.isWritable(directory)
        || !Files.isReadable(directory)
        || !Files.isExecutable(directory);
  }

  /**
   * By its path: where that has become a link, it leads to what every task may open as well, for
   * they run as this daemon does.
   */
  private static void reopen(Path directory) throws IOException {
    if (!Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
      Files.setPosixFilePermissions(directory, OWNER);
    }
  }

  private Path free() throws IOException {
    while (true) {
      Path name = Path.of(RAISED + raised++);
      try {
        attributes(top, name);
      } catch (NoSuchFileException e) {
        return name;
      }
    }
  }

  private static boolean isDirectory(SecureDirectoryStream<Path> in, Path name) throws IOException {
    return attributes(in, name).isDirectory();
  }

  private static BasicFileAttributes attributes(SecureDirectoryStream<Path> in, Path name)
      throws IOException {
    return in.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .readAttributes();
  }

  private static SecureDirectoryStream<Path> open(SecureDirectoryStream<Path> in, Path name)
      throws IOException {
    return in.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS);
  }

  @SuppressWarnings("StreamResourceLeak") // it is given away
  private static SecureDirectoryStream<Path> open(Path directory) throws IOException {
    DirectoryStream<Path> stream = Files.newDirectoryStream(directory);
    if (stream instanceof SecureDirectoryStream<Path> secure) {
      return secure;
    }
    stream.close();
    throw new IOException("this system cannot open " + directory + " to remove what is in it");
  }
}
