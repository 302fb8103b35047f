package dev.swarm.worker.engine.process;

import dev.swarm.core.port.Clock;
import dev.swarm.worker.engine.EngineException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Environment that all tasks of a node share: their directory, their users, the programs that start
 * them, and how all that is left of them is found.
 */
record ProcessHost(
    ProcessSettings settings,
    Clock clock,
    Supervisor supervisor,
    TaskGroups groups,
    UserPool users,
    Remains remains) {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessHost.class);

  /**
   * @throws IllegalArgumentException if this process is root and no other user is set: a manager
   *     must not hand anyone root on every host
   */
  static ProcessHost open(ProcessSettings settings, Clock clock, List<Path> hierarchies)
      throws IOException {
    switch (settings.users()) {
      case TaskUsers.Own own -> {
        if (isRoot()) {
          throw new IllegalArgumentException(
              "a daemon that is root runs processes only as other users:"
                  + " give it --process-users or --process-user");
        }
      }
      case TaskUsers.Shared shared -> {}
      case TaskUsers.Range range -> {}
    }
    Files.createDirectories(
        settings.directory(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
    if (settings.users() instanceof TaskUsers.Range) {
      closedAbove(settings.directory())
          .ifPresent(
              closed ->
                  LOG.warn(
                      "tasks cannot reach their directories in {}: {} is closed to other users;"
                          + " open it with chmod o+x, or choose another --data-dir",
                      settings.directory(),
                      closed));
    }
    Supervisor supervisor = new Supervisor(settings.programs());
    return new ProcessHost(
        settings,
        clock,
        supervisor,
        groups(settings, supervisor, hierarchies),
        new UserPool(settings.directory(), settings.users(), HostUsers::all),
        new Remains(settings.users(), supervisor));
  }

  /** The first directory on the way to {@code directory} that strangers cannot pass. */
  static Optional<Path> closedAbove(Path directory) throws IOException {
    for (Path at = directory.toAbsolutePath(); at != null; at = at.getParent()) {
      if (!Files.getPosixFilePermissions(at).contains(PosixFilePermission.OTHERS_EXECUTE)) {
        return Optional.of(at);
      }
    }
    return Optional.empty();
  }

  private static TaskGroups groups(
      ProcessSettings settings, Supervisor supervisor, List<Path> hierarchies) {
    try {
      TaskGroups groups =
          TaskGroups.find(hierarchies, name(settings.directory()), supervisor::canJoin);
      if (groups.supervisors().isEmpty() && !(settings.users() instanceof TaskUsers.Range)) {
        LOG.warn(
            "no control groups can be made here: a process that makes a session of its own"
                + " outlives its task");
      }
      return groups;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineException("interrupted", e);
    }
  }

  static boolean isRoot() {
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    } catch (IOException e) {
      return "root".equals(System.getProperty("user.name"));
    }
  }

  /** Daemons on one host have directories of their own, and groups of their own by that. */
  static String name(Path directory) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(directory.toString().getBytes(StandardCharsets.UTF_8));
      return "swarm-" + HexFormat.of().formatHex(digest, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Makes what a task needs before it can start. Two tasks never get one user of a range. */
  synchronized void furnish(TaskDirectory directory) throws IOException {
    Optional<TaskUser> user = directory.user();
    directory.create(
        user.isPresent() ? user : users.take(),
        groups.create(directory.path().getFileName().toString()));
  }

  /** Removes what is not needed while there is no task; not from under one that is being made. */
  synchronized void tidy() {
    groups.removeIfUnused();
  }

  /**
   * A directory that does not say whom its task runs as must not make it the daemon's own user.
   *
   * @throws EngineException if the task may not run as it stands there
   */
  void requireUser(TaskDirectory directory) {
    if (directory.user().isEmpty() && !(settings.users() instanceof TaskUsers.Own)) {
      throw new EngineException(
          "the directory of this task on this node is lost, and with it the user that it runs as");
    }
  }
}
