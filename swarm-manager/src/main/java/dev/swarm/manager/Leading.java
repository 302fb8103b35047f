package dev.swarm.manager;

import dev.swarm.core.control.node.ForceNewCluster;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.plan.Decision;
import dev.swarm.core.plan.Rejection.RejectedException;
import dev.swarm.core.plan.Requests;
import dev.swarm.core.plan.Verdict;
import dev.swarm.core.port.EventLoop;
import dev.swarm.core.port.ReplicatedLog.Leadership;
import dev.swarm.core.store.Delta;
import dev.swarm.core.store.Snapshot;
import dev.swarm.manager.api.HealthService;
import dev.swarm.manager.ca.ClusterBootstrap;
import dev.swarm.manager.loop.CommitListener;
import dev.swarm.manager.members.LeaderChannel;
import dev.swarm.manager.members.LeaderGate;
import dev.swarm.manager.members.LogVoters;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Follows who leads: founds the cluster where there is none, opens the gate when this manager
 * serves, and lets calls that wait for a leader go on, or end, when it is another.
 */
final class Leading implements CommitListener {
  private final Requests requests;
  private final ManagerOptions options;
  private final LogVoters voters;
  private final HealthService health;
  private final LeaderChannel leader;
  private final LeaderGate gate;
  private final EventLoop events;
  private final Consumer<Throwable> fault;
  private final CompletableFuture<Void> ready = new CompletableFuture<>();

  /** Until that is decided, and not again: managers that join later are here to stay. */
  private volatile boolean goesAlone;

  private volatile boolean serves;
  private boolean leads; // under this
  private volatile boolean closed;

  /**
   * @param events where what waits for a leader is looked at
   * @param fault told why this manager cannot begin
   */
  Leading(
      Requests requests,
      ManagerOptions options,
      LogVoters voters,
      HealthService health,
      LeaderChannel leader,
      LeaderGate gate,
      EventLoop events,
      Consumer<Throwable> fault) {
    this.requests = requests;
    this.options = options;
    this.voters = voters;
    this.health = health;
    this.leader = leader;
    this.gate = gate;
    this.events = events;
    this.fault = fault;
    goesAlone = options.forceNewCluster();
    health.setServing("Control", false);
  }

  /** Whether this manager leads a cluster that exists. Any thread. */
  boolean serves() {
    return serves;
  }

  /**
   * Completes once this manager serves: it leads, or is a voter of a cluster and knows who leads.
   */
  CompletableFuture<Void> ready() {
    return ready;
  }

  @Override
  public void committed(Snapshot snapshot, List<Delta> deltas) {
    checkReady();
  }

  @Override
  public void restored(Snapshot snapshot) {
    checkReady();
  }

  private void checkReady() {
    if (!ready.isDone()) {
      events.execute(this::readyIfFollowing);
    }
  }

  private void readyIfFollowing() {
    if (!closed
        && leader.leader().isPresent()
        && requests.snapshot().cluster().isPresent()
        && voters.votes(new NodeId(self()))) {
      ready.complete(null);
    }
  }

  private String self() {
    return options.identity().current().nodeId();
  }

  @Override
  public void leadership(Leadership now) {
    events.execute(this::leaderChanged);
  }

  private void leaderChanged() {
    if (!closed) {
      leader.dropFormer();
      gate.retryPending();
      readyIfFollowing();
    }
  }

  @Override
  public void leading(boolean begins) {
    synchronized (this) {
      leads = begins;
      if (!begins) {
        serves = false;
        health.setServing("Control", false);
        return;
      }
    }
    Optional<ClusterBootstrap> founding = options.founding();
    if (goesAlone) {
      submit(ForceNewCluster.alone(self()));
    } else if (requests.snapshot().cluster().isPresent() || founding.isEmpty()) {
      open();
    } else {
      submit((draft, context) -> Verdict.accept(founding.get().changes(), snapshot -> snapshot));
    }
  }

  /** Decides before anybody else is served. */
  private void submit(Decision<Snapshot> first) {
    requests
        .submit(first)
        .whenComplete(
            (done, failure) -> {
              if (failure == null) {
                open();
              } else if (!closed && !(failure instanceof RejectedException)) {
                fault.accept(failure);
              }
            });
  }

  private void open() {
    goesAlone = false;
    synchronized (this) {
      if (!leads || closed) {
        return; // it ceased to while its first decision was committed
      }
      serves = true;
      health.setServing("Control", true);
    }
    ready.complete(null);
    events.execute(this::leaderChanged);
  }

  /** Serves no more. */
  synchronized void close() {
    closed = true;
    serves = false;
  }
}
