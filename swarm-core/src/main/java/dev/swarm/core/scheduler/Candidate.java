package dev.swarm.core.scheduler;

import dev.swarm.core.model.Claim;
import dev.swarm.core.model.Node;
import dev.swarm.core.placement.Room;
import dev.swarm.core.spec.TaskPolicy;
import java.util.List;

/** A node that may take tasks of one service during one pass, and how it ranks among them. */
final class Candidate {
  private static final int COUNT_BITS = 20;
  private static final int COUNT_MAX = (1 << COUNT_BITS) - 1;

  private final Room room;
  private final boolean failing;
  private final int leaving;
  private int active;

  /**
   * @param active tasks of all services here
   * @param leaving tasks of the service here that an update is about to replace: they don't count
   * @param failing whether tasks of the service keep failing here
   */
  Candidate(Room room, int active, int leaving, boolean failing) {
    this.room = room;
    this.failing = failing;
    this.leaving = leaving;
    this.active = active - leaving;
  }

  Room room() {
    return room;
  }

  Node node() {
    return room.node();
  }

  int ofService() {
    return room.ofService() - leaving;
  }

  /** Counts one more task here; returns what of the generic resources is now its own. */
  List<Claim> take(TaskPolicy policy) {
    active++;
    return room.take(policy);
  }

  /**
   * The lower the better: nodes where the service keeps failing come last, then the fewest of its
   * tasks count, then the fewest in all. Of 41 bits.
   */
  long rank() {
    long ofServiceFirst = (long) count(ofService()) << COUNT_BITS | count(active);
    return failing ? 1L << (2 * COUNT_BITS) | ofServiceFirst : ofServiceFirst;
  }

  private static int count(int tasks) {
    return Math.clamp(tasks, 0, COUNT_MAX);
  }
}
