package dev.swarm.cli.node.demo;

import dev.swarm.worker.disk.ForeignTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;

/** Files of the demo, in one temporary directory. */
final class DemoDirectory {
  private final Path path;
  private final boolean forOtherUser;

  private DemoDirectory(Path path, boolean forOtherUser) {
    this.path = path;
    this.forOtherUser = forOtherUser;
  }

  /**
   * @param forOtherUser whether processes of an unprivileged user run from here
   */
  static DemoDirectory create(boolean forOtherUser) throws IOException {
    Path path = fresh(Path.of(System.getProperty("java.io.tmpdir")).toRealPath());
    permit(path, forOtherUser ? "rwx--x--x" : "rwx------");
    return new DemoDirectory(path, forOtherUser);
  }

  /** A short name: users see it in every table, and a socket's path may not be long. */
  private static Path fresh(Path parent) throws IOException {
    String name = "swarm-demo-" + ProcessHandle.current().pid();
    FileAttribute<?> owner =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    try {
      return Files.createDirectory(parent.resolve(name), owner);
    } catch (FileAlreadyExistsException leftOver) {
      return Files.createTempDirectory(parent, name + "-", owner);
    }
  }

  Path path() {
    return path;
  }

  /**
   * Puts the web server here: its one class, and a script of its name that starts it. A copy,
   * because whoever runs it may not be allowed to read where this program is installed.
   *
   * @param port where it is to serve
   * @return the script
   * @throws IOException if it cannot be put there
   */
  Path webServer(int port) throws IOException {
    Path classes = openFolder(path.resolve("classes"));
    Path folder = classes;
    for (String name : WebServer.class.getPackageName().split("\\.", -1)) {
      folder = openFolder(folder.resolve(name));
    }
    Path file = folder.resolve("WebServer.class");
    try (InputStream code = WebServer.class.getResourceAsStream("WebServer.class")) {
      if (code == null) {
        throw new IOException("this installation has no WebServer.class");
      }
      Files.copy(code, file);
    }
    permit(file, "rw-r--r--");
    Path script = path.resolve("webserver");
    // A node's processes work below its data directory, which has the node's name.
    Files.writeString(
        script,
        """
        #!/bin/sh
        node=${PWD#'%s/'}
        exec '%s' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto -Xmx32m \\
          -cp '%s' %s %d "${node%%%%/*}"
        """
            .formatted(path, reachableJava(), classes, WebServer.class.getName(), port));
    permit(script, "rwxr-xr-x");
    return script;
  }

  /** This JVM's program, or that of a copied runtime where another user could not start it. */
  private Path reachableJava() throws IOException {
    Path home = Path.of(System.getProperty("java.home")).toRealPath();
    Path java = home.resolve("bin/java");
    if (!forOtherUser || (openToAll(java) && openToAll(home.resolve("lib/modules")))) {
      return java;
    }
    Path copy = path.resolve("runtime");
    copy(home, copy);
    return copy.resolve("bin/java");
  }

  private static boolean openToAll(Path file) throws IOException {
    if (!Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
      return false;
    }
    for (Path up = file.getParent(); up != null; up = up.getParent()) {
      if (!Files.getPosixFilePermissions(up).contains(PosixFilePermission.OTHERS_EXECUTE)) {
        return false;
      }
    }
    return true;
  }

  private static Path openFolder(Path folder) throws IOException {
    Files.createDirectory(folder);
    permit(folder, "rwxr-xr-x");
    return folder;
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            openFolder(to.resolve(from.relativize(folder)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Path target = to.resolve(from.relativize(file));
            Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
            if (attributes.isRegularFile()) {
              permit(target, Files.isExecutable(file) ? "rwxr-xr-x" : "rw-r--r--");
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Exactly these, whatever the umask. */
  private static void permit(Path file, String permissions) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }

  void delete() throws IOException {
    ForeignTree.delete(path);
  }
}
