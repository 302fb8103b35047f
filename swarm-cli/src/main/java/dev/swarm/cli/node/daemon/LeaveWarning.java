package dev.swarm.cli.node.daemon;

import java.util.Optional;

/**
 * Warning of what a swarm loses with a manager that leaves; in the engine's words, which programs
 * recognize.
 */
final class LeaveWarning {
  private static final String ATTEMPT =
      "You are attempting to leave the swarm on a node that is participating as a manager. ";
  private static final String RESTORED_ONLY =
      "The only way to restore a swarm that has lost consensus is to reinitialize it with"
          + " `--force-new-cluster`. Use `--force` to suppress this message.";

  private LeaveWarning() {}

  /**
   * @param count the managers there are; empty where no leader says it
   */
  static String of(Optional<ManagerCount> count) {
    if (count.isEmpty()) {
      return ATTEMPT + "Doing so may lose the consensus of your cluster. " + RESTORED_ONLY;
    }
    ManagerCount managers = count.get();
    if (managers.isLast()) {
      return ATTEMPT
          + "Removing the last manager erases all current state of the swarm. Use `--force` to"
          + " ignore this message.";
    }
    return managers.oneLessIsTooFew()
        ? ATTEMPT
            + "Removing this node leaves %d managers out of %d. Without a Raft quorum your swarm will be inaccessible. "
                .formatted(managers.reachable() - 1, managers.all())
            + RESTORED_ONLY
        : ATTEMPT + RESTORED_ONLY;
  }
}
