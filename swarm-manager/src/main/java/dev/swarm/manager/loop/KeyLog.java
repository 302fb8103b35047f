package dev.swarm.manager.loop;

import dev.swarm.core.loop.KeyEvents;
import dev.swarm.core.loop.PlanSummary;
import dev.swarm.core.plan.Key;
import dev.swarm.core.plan.Plan;
import dev.swarm.core.store.Snapshot;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs plans, failures and recoveries of keys. */
final class KeyLog implements KeyEvents {
  private static final Logger LOG = LoggerFactory.getLogger(KeyLog.class);

  /** So many plans of one entry are told of one by one. */
  private static final int LINES_MAX = 20;

  private final Faults faults;
  private final Supplier<Snapshot> snapshot;
  private long entry;
  private int plans;
  private int commands;

  KeyLog(Faults faults, Supplier<Snapshot> snapshot) {
    this.faults = faults;
    this.snapshot = snapshot;
  }

  @Override
  public void planned(Key key, Plan plan, int count, Snapshot before) {
    if (before.index() != entry) {
      entry = before.index();
      if (plans > LINES_MAX) {
        LOG.info("{} more plans with {} commands", plans - LINES_MAX, commands);
      }
      plans = 0;
      commands = 0;
    }
    if (++plans > LINES_MAX) {
      commands += count;
    } else if (LOG.isInfoEnabled()) {
      LOG.info("{}", PlanSummary.of(key, plan.commands().subList(0, count), before));
    }
  }

  @Override
  public void failed(Key key, Throwable fault) {
    faults.contain(
        key.describe(snapshot.get())
            + " is set aside; it is tried again after growing pauses, and when it changes",
        fault);
  }

  @Override
  public void recovered(Key key) {
    LOG.info("{} is handled again, after a fault", key.describe(snapshot.get()));
  }
}
