package dev.swarm.manager.members;

import dev.swarm.core.control.cluster.UnlockKeys;
import dev.swarm.core.port.EventLoop;
import dev.swarm.core.store.Delta;
import dev.swarm.core.store.Snapshot;
import dev.swarm.manager.loop.CommitListener;
import dev.swarm.manager.raft.storage.UnlockKey;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this manager's secrets on disk sealed with the cluster's present unlock key, or with none.
 * After a start it leaves the seal alone until this manager has caught up: by an older state it
 * would open its disk, or seal it with a key that nobody has any more. Level-triggered, on an event
 * loop that may be blocked for as long as files are written.
 */
public final class UnlockKeySync implements CommitListener {
  private static final Logger LOG = LoggerFactory.getLogger(UnlockKeySync.class);
  private static final Duration RETRY = Duration.ofSeconds(5);

  /** Writes the files. */
  @FunctionalInterface
  public interface Seal {
    void with(Optional<UnlockKey> key) throws IOException;
  }

  private final EventLoop events;
  private final Seal seal;
  private Optional<UnlockKey> inForce; // on the event loop
  private Optional<UnlockKey> wanted; // on the event loop
  private boolean current; // on the event loop
  private boolean halfDone; // on the event loop; a change of seals has failed somewhere on its way

  /**
   * @param inForce what the files are sealed with now
   */
  public UnlockKeySync(EventLoop events, Optional<UnlockKey> inForce, Seal seal) {
    this.events = events;
    this.seal = seal;
    this.inForce = inForce;
    this.wanted = inForce;
  }

  @Override
  public void committed(Snapshot snapshot, List<Delta> deltas) {
    if (deltas.stream().anyMatch(delta -> !delta.clusters().isEmpty())) {
      restored(snapshot);
    }
  }

  @Override
  public void restored(Snapshot snapshot) {
    snapshot
        .cluster()
        .ifPresent(
            cluster -> {
              Optional<UnlockKey> key =
                  UnlockKeys.of(cluster.object()).map(bytes -> new UnlockKey(bytes.toByteArray()));
              events.execute(
                  () -> {
                    wanted = key;
                    resealIfNeeded();
                  });
            });
  }

  @Override
  public void current() {
    events.execute(
        () -> {
          current = true;
          resealIfNeeded();
        });
  }

  private void resealIfNeeded() {
    if (!current) {
      return;
    }
    if (wanted.equals(inForce) && !halfDone) {
      return;
    }
    Optional<UnlockKey> next = wanted;
    try {
      halfDone = true;
      seal.with(next);
      inForce = next;
      halfDone = false;
      LOG.info(
          "this manager's keys on disk are now {}",
          next.isPresent() ? "sealed with the unlock key" : "not sealed any more");
    } catch (IOException | RuntimeException e) {
      LOG.error(
          "this manager's keys on disk could not be sealed with the new unlock key, trying again",
          e);
      events.schedule(RETRY, this::resealIfNeeded);
    }
  }
}
