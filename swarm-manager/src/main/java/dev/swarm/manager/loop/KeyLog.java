package dev.swarm.manager.loop;

import dev.swarm.core.loop.KeyEvents;
import dev.swarm.core.plan.Key;
import dev.swarm.core.plan.Plan;
import dev.swarm.core.store.Snapshot;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log what comes of keys. */
final class KeyLog implements KeyEvents {
  private static final Logger LOG = LoggerFactory.getLogger(KeyLog.class);

  private final Faults faults;
  private final Supplier<Snapshot> snapshot;

  KeyLog(Faults faults, Supplier<Snapshot> snapshot) {
    this.faults = faults;
    this.snapshot = snapshot;
  }

  @Override
  public void planned(Key key, Plan plan, int count) {
    LOG.debug("{}: {} commands", key, count);
  }

  @Override
  public void failed(Key key, Throwable fault) {
    faults.contain(
        key.describe(snapshot.get())
            + " is set aside, and tried again ever more seldom or when it changes",
        fault);
  }

  @Override
  public void recovered(Key key) {
    LOG.info("{} is looked after again", key.describe(snapshot.get()));
  }
}
