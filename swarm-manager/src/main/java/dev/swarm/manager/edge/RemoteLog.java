package dev.swarm.manager.edge;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what remotes did wrong: a line each, as many as the budget admits. */
public final class RemoteLog {
  /** Names, in the logging context of a thread, the address whose bytes it is working on. */
  public static final String REMOTE = "remote";

  private static final Logger LOG = LoggerFactory.getLogger(RemoteLog.class);

  private final LineBudget budget = LineBudget.real(RemoteLog::summary);

  /**
   * @param deed continues "ADDRESS "
   */
  public void note(String address, String deed) {
    if (budget.admits(address)) {
      LOG.warn("{} {}", address, deed);
    }
  }

  private static void summary(String address, long more) {
    LOG.warn("… and {} more from {} within a minute", more, address);
  }
}
