package dev.swarm.worker.engine.process;

import java.io.IOException;
import java.util.Optional;

/**
 * Ends what a task started and left behind, by every means this node has: its control group, its
 * user where that is its alone, and its process group. Only the last is left on a host without
 * control groups where tasks share a user, and what makes a session of its own escapes that.
 */
final class Remains {
  private static final int ROUNDS_MAX = 100;
  private static final long PAUSE_MILLIS = 10;

  private final TaskUsers users;
  private final Supervisor supervisor;

  Remains(TaskUsers users, Supervisor supervisor) {
    this.users = users;
    this.supervisor = supervisor;
  }

  /**
   * Returns when nothing of the task runs any more, its supervisor apart.
   *
   * @throws IOException if something does not end
   */
  void end(TaskDirectory directory) throws IOException, InterruptedException {
    Optional<LiveProcess> child = directory.child();
    if (child.isPresent() && child.get().mayLeadGroup()) {
      supervisor.signal("KILL", -child.get().pid());
    }
    if (directory.group().isPresent()) {
      TaskGroups.kill(directory.group().get());
    }
    Optional<TaskUser> user = directory.user();
    if (user.isPresent() && users instanceof TaskUsers.Range range && range.has(user.get().uid())) {
      endUser(user.get());
    }
  }

  private void endUser(TaskUser user) throws IOException, InterruptedException {
    for (int round = 0; round < ROUNDS_MAX; round++) {
      if (!HostUsers.running().contains(user.uid())) {
        return;
      }
      supervisor.killAll(user);
      Thread.sleep(PAUSE_MILLIS);
    }
    throw new IOException("a process of user " + user.uid() + " does not end");
  }
}
