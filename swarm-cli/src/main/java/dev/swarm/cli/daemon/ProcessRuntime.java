package dev.swarm.cli.daemon;

import dev.swarm.worker.engine.process.SystemPrograms;
import dev.swarm.worker.engine.process.TaskUser;
import dev.swarm.worker.engine.process.TaskUsers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How this daemon runs plain processes: checked when it starts, so that nobody finds out later.
 *
 * @param users whom they run as
 * @param programs what they are started with
 */
record ProcessRuntime(TaskUsers users, SystemPrograms programs) {
  private static final Path USERS = Path.of("/etc/passwd");
  private static final Path SUBORDINATE_USERS = Path.of("/etc/subuid");

  /**
   * @param user the value of {@code --process-user}, or an empty string
   * @param range the value of {@code --process-users}, or an empty string
   * @throws IOException in a sentence, if this host cannot do that
   * @throws IllegalArgumentException in a sentence, if the flags do not fit
   */
  static ProcessRuntime of(String user, String range) throws IOException {
    if (!Files.isDirectory(Path.of("/proc/self"))) {
      throw new IOException("--runtime process needs Linux, and /proc");
    }
    boolean root = Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    return new ProcessRuntime(
        users(user, range, root, lines(USERS), lines(SUBORDINATE_USERS)), SystemPrograms.find());
  }

  /**
   * @param passwd lines of {@code /etc/passwd}
   * @param subuid lines of {@code /etc/subuid}
   */
  static TaskUsers users(
      String user, String range, boolean root, List<String> passwd, List<String> subuid) {
    if (!user.isEmpty() && !range.isEmpty()) {
      throw new IllegalArgumentException(
          "give either --process-users, a user for each task, or --process-user, one for all");
    }
    if (root && user.isEmpty() && range.isEmpty()) {
      throw new IllegalArgumentException(
          "--runtime process: a daemon that is root runs processes only as other users; add"
              + " --process-users FIRST-LAST (a user for each task, like 200000-265535) or"
              + " --process-user NAME (one for all)");
    }
    if (!root && !(user.isEmpty() && range.isEmpty())) {
      throw new IllegalArgumentException(
          "--process-user and --process-users need a daemon that is root; this one runs processes"
              + " as itself");
    }
    if (!user.isEmpty()) {
      return shared(user, passwd);
    }
    return range.isEmpty() ? new TaskUsers.Own() : range(range, passwd, subuid);
  }

  private static TaskUsers shared(String user, List<String> passwd) {
    for (String line : passwd) {
      String[] fields = line.split(":", -1);
      if (fields.length > 3 && fields[0].equals(user)) {
        return new TaskUsers.Shared(user, user(user, fields[2], fields[3]));
      }
    }
    throw new IllegalArgumentException(
        "--process-user: there is no user " + user + " on this machine");
  }

  private static TaskUser user(String name, String uid, String gid) {
    try {
      return new TaskUser(Integer.parseInt(uid), Integer.parseInt(gid));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "--process-user: the user " + name + " has no number that can be used", e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--process-user: " + e.getMessage(), e);
    }
  }

  /** Who has a number in the range could do to a task whatever the task may do, and it to them. */
  private static TaskUsers range(String text, List<String> passwd, List<String> subuid) {
    TaskUsers.Range range;
    try {
      range = TaskUsers.Range.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--process-users: " + e.getMessage(), e);
    }
    for (String line : passwd) {
      String[] fields = line.split(":", -1);
      if (fields.length > 2 && meets(range, fields[2], "1")) {
        throw new IllegalArgumentException(
            "--process-users " + text + ": " + fields[2] + " is the user " + fields[0] + "'s");
      }
    }
    for (String line : subuid) {
      String[] fields = line.split(":", -1);
      if (fields.length > 2 && meets(range, fields[1], fields[2])) {
        throw new IllegalArgumentException(
            "--process-users "
                + text
                + ": /etc/subuid gives "
                + fields[2]
                + " users from "
                + fields[1]
                + " to "
                + fields[0]);
      }
    }
    return range;
  }

  private static boolean meets(TaskUsers.Range range, String first, String count) {
    try {
      long begin = Long.parseLong(first.strip());
      long end = begin + Long.parseLong(count.strip());
      return begin <= range.last() && end > range.first();
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static List<String> lines(Path file) throws IOException {
    return Files.exists(file) ? Files.readAllLines(file, StandardCharsets.ISO_8859_1) : List.of();
  }
}
