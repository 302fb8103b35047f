package dev.swarm.cli.node.daemon;

import dev.swarm.worker.engine.process.SystemPrograms;
import dev.swarm.worker.engine.process.TaskUser;
import dev.swarm.worker.engine.process.TaskUsers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Set-up of plain processes on this daemon, checked when it starts, so that a mistake does not
 * first show in a task.
 *
 * @param users whom they run as
 * @param programs what they are started with
 */
record ProcessSetup(TaskUsers users, SystemPrograms programs) {

  /** Who has which numbers on a host, as lines of the files in {@code /etc}. */
  record Accounts(
      List<String> passwd, List<String> group, List<String> subuid, List<String> subgid) {
    private static Accounts ofThisHost() throws IOException {
      return new Accounts(lines("passwd"), lines("group"), lines("subuid"), lines("subgid"));
    }

    private static List<String> lines(String name) throws IOException {
      Path file = Path.of("/etc", name);
      return Files.exists(file) ? Files.readAllLines(file, StandardCharsets.ISO_8859_1) : List.of();
    }
  }

  /**
   * @param user the value of {@code --process-user}, or an empty string
   * @param range the value of {@code --process-users}, or an empty string
   * @throws IOException in a sentence, if this host cannot do that
   * @throws IllegalArgumentException in a sentence, if the flags do not fit
   */
  static ProcessSetup of(String user, String range) throws IOException {
    if (!Files.isDirectory(Path.of("/proc/self"))) {
      throw new IOException("--runtime process needs Linux, and /proc");
    }
    boolean root = Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    return new ProcessSetup(users(user, range, root, Accounts.ofThisHost()), SystemPrograms.find());
  }

  static TaskUsers users(String user, String range, boolean root, Accounts accounts) {
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
      return shared(user, accounts.passwd());
    }
    return range.isEmpty() ? new TaskUsers.Own() : range(range, accounts);
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

  /**
   * Who has a number in the range, as a user or as a group, could do to a task whatever the task
   * may do, and it to them.
   */
  private static TaskUsers range(String text, Accounts accounts) {
    TaskUsers.Range range;
    try {
      range = TaskUsers.Range.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--process-users: " + e.getMessage(), e);
    }
    refuseOwned(range, accounts.passwd(), "user");
    refuseOwned(range, accounts.group(), "group");
    refuseGiven(range, accounts.subuid(), "/etc/subuid", "users");
    refuseGiven(range, accounts.subgid(), "/etc/subgid", "groups");
    return range;
  }

  private static void refuseOwned(TaskUsers.Range range, List<String> lines, String what) {
    for (String line : lines) {
      String[] fields = line.split(":", -1);
      if (fields.length > 2 && meets(range, fields[2], "1")) {
        throw taken(range, fields[2] + " is the " + what + " " + fields[0] + "'s");
      }
    }
  }

  private static void refuseGiven(
      TaskUsers.Range range, List<String> lines, String file, String what) {
    for (String line : lines) {
      String[] fields = line.split(":", -1);
      if (fields.length > 2 && meets(range, fields[1], fields[2])) {
        throw taken(
            range,
            "%s gives %s %s from %s to %s".formatted(file, fields[2], what, fields[1], fields[0]));
      }
    }
  }

  private static IllegalArgumentException taken(TaskUsers.Range range, String why) {
    return new IllegalArgumentException(
        "--process-users %d-%d: %s".formatted(range.first(), range.last(), why));
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
}
