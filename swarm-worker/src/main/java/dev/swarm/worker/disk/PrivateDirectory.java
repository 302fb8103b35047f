package dev.swarm.worker.disk;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.EnumSet;
import java.util.Set;

/**
 * Creates a directory that is this daemon's alone, in a place where others may write too. Somebody
 * may have been there first with a directory or a link of that name: what was there already is only
 * taken if it is ours, and closed to all others.
 */
public final class PrivateDirectory {
  private static final Set<PosixFilePermission> OWNER =
      PosixFilePermissions.fromString("rwx------");
  private static final FileAttribute<?> AS_OWNER = PosixFilePermissions.asFileAttribute(OWNER);
  private static final int WRITABLE = 0022;
  private static final int STICKY = 01000;

  private PrivateDirectory() {}

  /**
   * Makes {@code directory}, or makes sure of it. It stays what it is: only its owner can rename
   * it.
   *
   * @throws IOException in a sentence, if it is somebody else's or open to others
   */
  public static void make(Path directory) throws IOException {
    requireKept(above(directory));
    try {
      Files.createDirectory(directory, AS_OWNER);
    } catch (FileAlreadyExistsException e) {
      check(directory);
    }
  }

  /**
   * Whether {@code directory} is there and ours, so that what is in it can be removed. Opened to
   * others since it was made, it is closed again.
   *
   * @throws IOException in a sentence, if it is ours and others could put another in its place
   */
  public static boolean close(Path directory) throws IOException {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
        || !Files.getOwner(directory, LinkOption.NOFOLLOW_LINKS).equals(self())) {
      return false;
    }
    requireKept(above(directory));
    Set<PosixFilePermission> open = Files.getPosixFilePermissions(directory);
    if (!OWNER.equals(open)) {
      Files.setPosixFilePermissions(directory, OWNER);
    }
    check(directory);
    return true;
  }

  private static UserPrincipal self() throws IOException {
    return Files.getOwner(Path.of("/proc/self"));
  }

  private static Path above(Path directory) throws IOException {
    Path above = directory.toAbsolutePath().getParent();
    if (above == null) {
      throw new IOException(directory + " cannot be a directory of this daemon's own");
    }
    return above;
  }

  /** Who may write to the directory above, and rename what is not theirs in it, decides it all. */
  private static void requireKept(Path above) throws IOException {
    int mode = Files.getAttribute(above, "unix:mode") instanceof Integer bits ? bits : WRITABLE;
    if ((mode & WRITABLE) != 0 && (mode & STICKY) == 0) {
      throw new IOException(
          "others can rename what is in " + above + ": close it to them, or set its sticky bit");
    }
  }

  /** Looks at the directory that was opened, not at whatever has its name a moment later. */
  private static void check(Path directory) throws IOException {
    PosixFileAttributes found = attributes(directory);
    if (!found.owner().equals(self())) {
      throw new IOException(
          directory
              + " belongs to "
              + found.owner().getName()
              + " and not to this daemon's user;"
              + " remove it");
    }
    Set<PosixFilePermission> others = EnumSet.copyOf(found.permissions());
    others.removeAll(OWNER);
    if (!others.isEmpty()) {
      throw new IOException(
          directory
              + " is open to other users ("
              + PosixFilePermissions.toString(found.permissions())
              + "); remove it, or look into it and close it with chmod 0700");
    }
  }

  private static PosixFileAttributes attributes(Path directory) throws IOException {
    Path above = above(directory);
    Path name = above.relativize(directory.toAbsolutePath());
    try (DirectoryStream<Path> parent = Files.newDirectoryStream(above)) {
      if (!(parent instanceof SecureDirectoryStream<Path> secure)) {
        throw new IOException("this system cannot open " + above + " to look at what is in it");
      }
      try (SecureDirectoryStream<Path> opened =
          secure.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
        return opened.getFileAttributeView(PosixFileAttributeView.class).readAttributes();
      } catch (FileSystemException e) {
        throw new IOException(directory + " is not a directory of this daemon's own; remove it", e);
      }
    }
  }
}
