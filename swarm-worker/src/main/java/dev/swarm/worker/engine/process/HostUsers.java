package dev.swarm.worker.engine.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds the users that have something on this host now: processes, files in the directories that
 * all may write to, or System V objects. A file deep in a directory of another user's is not found.
 */
final class HostUsers {
  private static final List<Path> SHARED =
      List.of(
          Path.of("/tmp"),
          Path.of("/var/tmp"),
          Path.of("/dev/shm"),
          Path.of("/dev/mqueue"),
          Path.of("/run/lock"));
  private static final List<String> OBJECTS = List.of("shm", "sem", "msg");
  private static final String STATE = "State:";
  private static final Set<String> DEAD = Set.of("Z", "X");
  private static final String IDS = "Uid:";

  private HostUsers() {}

  static Set<Integer> all() throws IOException {
    Set<Integer> found = new HashSet<>(running());
    for (Path directory : SHARED) {
      addOwners(directory, found);
    }
    for (String kind : OBJECTS) {
      addObjects(Path.of("/proc/sysvipc", kind), found);
    }
    return found;
  }

  /** Users of which a process has one of its four numbers. */
  static Set<Integer> running() throws IOException {
    Set<Integer> found = new HashSet<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        addIds(process.resolve("status"), found);
      }
    }
    return found;
  }

  /** The dead that nobody has asked about yet do no harm. */
  private static void addIds(Path status, Set<Integer> found) {
    try {
      boolean dead = false;
      for (String line : Files.readAllLines(status, StandardCharsets.ISO_8859_1)) {
        if (line.startsWith(STATE)) {
          dead = DEAD.contains(line.substring(STATE.length()).strip().substring(0, 1));
        } else if (line.startsWith(IDS) && !dead) {
          fields(line.substring(IDS.length()))
              .forEach(id -> found.add(Integer.parseUnsignedInt(id)));
        }
      }
    } catch (IOException e) {
      // It ended in the meantime.
    }
  }

  private static void addOwners(Path directory, Set<Integer> found) throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        addOwner(file, found);
      }
    }
  }

  private static void addOwner(Path file, Set<Integer> found) {
    try {
      if (Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS) instanceof Integer uid) {
        found.add(uid);
      }
    } catch (IOException e) {
      // Removed in the meantime.
    }
  }

  /** A table whose head names its columns. */
  private static void addObjects(Path table, Set<Integer> found) throws IOException {
    if (!Files.isReadable(table)) {
      return;
    }
    List<String> lines = Files.readAllLines(table, StandardCharsets.US_ASCII);
    List<String> head = lines.isEmpty() ? List.of() : fields(lines.getFirst());
    for (String line : lines.subList(Math.min(1, lines.size()), lines.size())) {
      List<String> fields = fields(line);
      for (String column : List.of("uid", "cuid")) {
        int at = head.indexOf(column);
        if (at >= 0 && at < fields.size()) {
          found.add(Integer.parseUnsignedInt(fields.get(at)));
        }
      }
    }
  }

  private static List<String> fields(String line) {
    return List.of(line.strip().split("\\s+"));
  }
}
