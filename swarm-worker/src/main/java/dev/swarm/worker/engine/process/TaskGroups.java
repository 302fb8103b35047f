package dev.swarm.worker.engine.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control groups of a node's tasks, one each: what a task starts is in its group, whatever
 * sessions it makes, and ends with it. Supervisors are in the group above, so that they outlive
 * what they watch, and whatever group the daemon is in.
 *
 * @param supervisors the group of this node's supervisors, which has those of its tasks below it;
 *     empty where no groups can be made
 */
record TaskGroups(Optional<Path> supervisors) {
  private static final Logger LOG = LoggerFactory.getLogger(TaskGroups.class);
  private static final int ROUNDS_MAX = 500;
  private static final long PAUSE_MILLIS = 10;

  static final TaskGroups NONE = new TaskGroups(Optional.empty());

  /** Whether a process can be moved among the members of a group. */
  interface Trial {
    boolean canJoin(Path members) throws IOException, InterruptedException;
  }

  /**
   * The first hierarchy in which groups can be made.
   *
   * @param name of this node's group, of which there is one on a host
   */
  static TaskGroups find(List<Path> hierarchies, String name, Trial trial)
      throws InterruptedException {
    for (Path hierarchy : hierarchies) {
      Path group = hierarchy.resolve(name);
      try {
        Files.createDirectories(group);
        if (trial.canJoin(members(group))) {
          return new TaskGroups(Optional.of(group));
        }
        isRemoved(group);
      } catch (IOException e) {
        LOG.debug("no group can be made in {}", hierarchy, e);
      }
    }
    return NONE;
  }

  /** Where a process joins, by its number, and where those that did are listed. */
  static Path members(Path group) {
    return group.resolve("cgroup.procs");
  }

  /** Makes the group of a task. */
  Optional<Path> create(String taskId) throws IOException {
    if (supervisors.isEmpty()) {
      return Optional.empty();
    }
    Path group = supervisors.get().resolve(taskId);
    Files.createDirectories(group);
    return Optional.of(group);
  }

  /**
   * Kills every process of {@code group} and returns when there is none.
   *
   * @throws IOException if some do not end
   */
  static void kill(Path group) throws IOException, InterruptedException {
    for (int round = 0; round < ROUNDS_MAX; round++) {
      List<String> members = list(group);
      if (members.isEmpty()) {
        return;
      }
      if (Files.exists(group.resolve("cgroup.kill"))) {
        write(group.resolve("cgroup.kill"), "1");
      } else {
        killEach(group, members);
      }
      Thread.sleep(PAUSE_MILLIS);
    }
    throw new IOException("processes " + String.join(", ", list(group)) + " do not end");
  }

  /** Frozen, none of them can start another before its turn comes. */
  private static void killEach(Path group, List<String> members) throws IOException {
    freeze(group, true);
    for (String member : members) {
      ProcessHandle.of(Long.parseLong(member)).ifPresent(ProcessHandle::destroyForcibly);
    }
    freeze(group, false);
  }

  private static void freeze(Path group, boolean frozen) throws IOException {
    if (Files.exists(group.resolve("cgroup.freeze"))) {
      write(group.resolve("cgroup.freeze"), frozen ? "1" : "0");
    } else if (Files.exists(group.resolve("freezer.state"))) {
      write(group.resolve("freezer.state"), frozen ? "FROZEN" : "THAWED");
    }
  }

  /** Whoever is in the group, or in one that a task of this daemon's own user made below it. */
  private static List<String> list(Path group) throws IOException {
    List<String> all = new ArrayList<>();
    for (Path each : withGroupsBelow(group)) {
      try {
        all.addAll(Files.readAllLines(members(each), StandardCharsets.US_ASCII));
      } catch (NoSuchFileException e) {
        // Removed since.
      }
    }
    return all;
  }

  /** The group and all below it, each before those below it. */
  private static List<Path> withGroupsBelow(Path group) throws IOException {
    if (!Files.isDirectory(group, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(group)) {
      return all.filter(path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)).toList();
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof NoSuchFileException) {
        return List.of(group);
      }
      throw e.getCause();
    }
  }

  private static void write(Path file, String text) throws IOException {
    try {
      Files.write(file, text.getBytes(StandardCharsets.US_ASCII), StandardOpenOption.WRITE);
    } catch (NoSuchFileException e) {
      // The group is gone, and so is everything that was in it.
    }
  }

  /** Removes the group of a task, once the last of its processes has left it. */
  static void remove(Path group) throws InterruptedException {
    for (int round = 0; round < ROUNDS_MAX; round++) {
      if (isRemovedWithAllBelow(group)) {
        return;
      }
      Thread.sleep(PAUSE_MILLIS);
    }
    LOG.warn("the control group {} cannot be removed", group);
  }

  private static boolean isRemovedWithAllBelow(Path group) {
    try {
      return withGroupsBelow(group).reversed().stream().allMatch(TaskGroups::isRemoved);
    } catch (IOException e) {
      LOG.debug("what is below {} cannot be listed", group, e);
      return false;
    }
  }

  private static boolean isRemoved(Path group) {
    try {
      Files.deleteIfExists(group);
      return true;
    } catch (IOException e) {
      LOG.debug("{} is in use", group);
      return false;
    }
  }

  /** This node's group is not needed while it has no task. */
  void removeIfUnused() {
    supervisors.ifPresent(TaskGroups::isRemoved);
  }
}
