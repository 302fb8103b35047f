package dev.swarm.worker.engine.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Mount points of this host's control groups: of version 2, of version 1, or of both side by side.
 * In version 2 a group is killed by one word to the kernel; in version 1 a group can be frozen,
 * where there is a freezer, and else its members are killed until none is left.
 */
final class CgroupMounts {
  // Of version 1, the one that helps most first.
  private static final List<String> CONTROLLERS = List.of("freezer", "pids", "cpu", "devices");

  private CgroupMounts() {}

  /**
   * Where groups may be made, the best place first: at the top for root, else below this process'
   * own group, which its user may have been given.
   */
  static List<Path> hierarchies(boolean root) {
    try {
      return hierarchies(
          read("/proc/self/mountinfo"), root ? List.of() : read("/proc/self/cgroup"));
    } catch (IOException e) {
      return List.of();
    }
  }

  private static List<String> read(String file) throws IOException {
    return Files.readAllLines(Path.of(file), StandardCharsets.ISO_8859_1);
  }

  /**
   * @param mounts lines of {@code /proc/self/mountinfo}
   * @param own lines of {@code /proc/self/cgroup}, or none to begin at the top
   */
  static List<Path> hierarchies(List<String> mounts, List<String> own) {
    List<Path> found = new ArrayList<>();
    for (String mount : mounts) {
      place(mount, "cgroup2", "", own).ifPresent(found::add);
    }
    for (String controller : CONTROLLERS) {
      for (String mount : mounts) {
        place(mount, "cgroup", controller, own).ifPresent(found::add);
      }
    }
    return found.stream().distinct().toList();
  }

  private static Optional<Path> place(
      String mount, String type, String controller, List<String> own) {
    String[] halves = mount.split(" - ", 2);
    String[] left = halves[0].split(" ", -1);
    String[] right = halves.length < 2 ? new String[0] : halves[1].split(" ", -1);
    if (left.length < 5 || right.length < 3 || !right[0].equals(type)) {
      return Optional.empty();
    }
    if (!controller.isEmpty() && !List.of(right[2].split(",", -1)).contains(controller)) {
      return Optional.empty();
    }
    Path point = Path.of(left[4].replace("\\040", " "));
    return own.isEmpty()
        ? Optional.of(point)
        : below(own, controller).map(group -> point.resolve(relative(left[3], group)));
  }

  /** Of {@code number:controllers:group}; version 2 names no controllers. */
  private static Optional<String> below(List<String> own, String controller) {
    return own.stream()
        .map(line -> line.split(":", 3))
        .filter(fields -> fields.length == 3)
        .filter(fields -> List.of(fields[1].split(",", -1)).contains(controller))
        .map(fields -> fields[2])
        .findFirst();
  }

  /** A mount may show only a part of the hierarchy. */
  private static String relative(String shown, String group) {
    String rest =
        !shown.equals("/") && group.startsWith(shown) ? group.substring(shown.length()) : group;
    return rest.replaceFirst("^/+", "");
  }
}
