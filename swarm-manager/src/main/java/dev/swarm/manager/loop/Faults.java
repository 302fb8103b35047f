package dev.swarm.manager.loop;

import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Classifies exceptions in a manager, and logs them. A fault of ours stays with whoever ran into
 * it: the request is answered with it, the key or the session is set aside, and the manager goes
 * on. Only what {@link #endsTheManager} ends it, and a fault in applying what is committed, which
 * no manager can go on after.
 */
public final class Faults {
  private static final Logger LOG = LoggerFactory.getLogger(Faults.class);
  private static final int KINDS_MAX = 200;

  /** How often each kind was seen, the oldest kind first. */
  private final Map<String, Long> seen = new LinkedHashMap<>();

  private long total;

  /**
   * Whether nothing in this JVM can be relied on any more. A stack that overflowed is not such an
   * error: it was somebody's nested message, and the stack is empty again.
   */
  public static boolean endsTheManager(Throwable fault) {
    return switch (fault) {
      case StackOverflowError e -> false;
      case AssertionError e -> false;
      case Error e -> true;
      default -> false;
    };
  }

  /**
   * Throws what ends the manager, and notes anything else: with its stack the first time a kind of
   * it is seen, in a line after that, ever more seldom. Any thread.
   *
   * @param where what could not be done
   */
  public void contain(String where, Throwable fault) {
    if (endsTheManager(fault)) {
      throw (Error) fault;
    }
    long times = count(fault);
    if (times == 1) {
      LOG.error(
          "{}: a fault in the program, please report it; everything else goes on", where, fault);
    } else if (Long.bitCount(times) == 1) {
      LOG.error("{} (for the {}th time): {}", where, times, fault.toString());
    }
  }

  /** How many faults were contained. Any thread. */
  public synchronized long total() {
    return total;
  }

  private synchronized long count(Throwable fault) {
    total++;
    StackTraceElement[] stack = fault.getStackTrace();
    String kind = fault.getClass().getName() + (stack.length == 0 ? "" : stack[0]);
    long times = seen.merge(kind, 1L, Long::sum);
    if (seen.size() > KINDS_MAX) {
      seen.remove(seen.keySet().iterator().next());
    }
    return times;
  }
}
