package dev.swarm.manager.ca;

import dev.swarm.core.control.cluster.ClusterSecrets;
import dev.swarm.core.control.cluster.RootRotations;
import dev.swarm.core.plan.Requests;
import dev.swarm.core.port.EventLoop;
import dev.swarm.core.store.Delta;
import dev.swarm.core.store.Snapshot;
import dev.swarm.manager.loop.CommitListener;
import java.time.Duration;
import java.util.List;

/**
 * Completes rotations of the root certificate while this manager leads. It checks whenever a node
 * has changed, a moment later, so that many nodes that change together are looked at once.
 */
public final class RootKeeper implements CommitListener {
  private static final Duration A_MOMENT = Duration.ofMillis(100);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Requests requests;
  private final EventLoop events;
  private final ClusterSecrets secrets;
  private boolean due; // on the event loop
  private volatile boolean leading;

  public RootKeeper(Requests requests, EventLoop events, ClusterSecrets secrets) {
    this.requests = requests;
    this.events = events;
    this.secrets = secrets;
  }

  @Override
  public void leading(boolean leads) {
    leading = leads;
    if (leads) {
      events.execute(() -> advanceIn(A_MOMENT));
    }
  }

  @Override
  public void committed(Snapshot snapshot, List<Delta> deltas) {
    boolean rotating =
        snapshot
            .cluster()
            .filter(cluster -> cluster.object().getRootCa().hasRootRotation())
            .isPresent();
    if (leading
        && rotating
        && deltas.stream()
            .anyMatch(delta -> !delta.clusters().isEmpty() || !delta.nodes().isEmpty())) {
      events.execute(() -> advanceIn(A_MOMENT));
    }
  }

  @Override
  public void restored(Snapshot snapshot) {
    leading(leading);
  }

  private void advanceIn(Duration delay) {
    if (!due) {
      due = true;
      events.schedule(
          delay,
          () -> {
            due = false;
            advance();
          });
    }
  }

  private void advance() {
    if (!leading) {
      return;
    }
    requests
        .submit(RootRotations.step(secrets))
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                events.execute(() -> advanceIn(RETRY));
              }
            });
  }
}
