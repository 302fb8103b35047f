package dev.swarm.manager.members;

import dev.swarm.core.control.node.RoleDecisions;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.plan.Rejection;
import dev.swarm.core.plan.Rejection.RejectedException;
import dev.swarm.core.plan.Requests;
import dev.swarm.core.port.EventLoop;
import dev.swarm.core.port.Reason;
import dev.swarm.core.port.ReplicatedLog;
import dev.swarm.core.port.ReplicatedLog.Peer;
import dev.swarm.core.store.Delta;
import dev.swarm.core.store.Snapshot;
import dev.swarm.manager.loop.CommitListener;
import docker.swarmkit.v1.NodeRole;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out changes of roles while this manager leads. A node to be promoted is recorded as a
 * manager, which lets it renew its certificate as one and enter the log. A manager to be demoted
 * first leaves the log and then loses the role, so that no voter is ever without the rights of one.
 * A manager that enters and the same one's demotion come one after the other here: a voter that is
 * gone before the log knows of it would count against the majority for ever. Level-triggered: what
 * fails is tried again. Lives on an event loop.
 */
public final class RoleKeeper implements CommitListener {
  private static final Logger LOG = LoggerFactory.getLogger(RoleKeeper.class);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final ReplicatedLog log;
  private final Requests requests;
  private final EventLoop events;
  private final String self;
  private final Runnable membersChanged;
  private final Set<NodeId> toCheck = new TreeSet<>(); // on the event loop
  private final Deque<Entering> entering = new ArrayDeque<>(); // on the event loop
  private boolean busy; // on the event loop
  private volatile boolean leading;

  private record Entering(Peer peer, CompletableFuture<Void> done) {}

  /**
   * @param self this manager's node id
   * @param membersChanged run on the event loop after a manager has entered or left the log
   */
  public RoleKeeper(
      ReplicatedLog log,
      Requests requests,
      EventLoop events,
      String self,
      Runnable membersChanged) {
    this.log = log;
    this.requests = requests;
    this.events = events;
    this.self = self;
    this.membersChanged = membersChanged;
  }

  @Override
  public void leading(boolean leads) {
    leading = leads;
    if (leads) {
      events.execute(
          () -> {
            requests.snapshot().nodes().stream()
                .filter(RoleDecisions::differs)
                .map(Node::id)
                .forEach(toCheck::add);
            // The leader before may have let one in that it could not look after any more.
            log.peers().forEach(peer -> toCheck.add(new NodeId(peer.id())));
            startNext();
          });
    } else {
      events.execute(this::refuseEntering);
    }
  }

  /**
   * Makes {@code peer} a voter, if it is to be a manager when its turn comes. Any thread.
   *
   * @return fails with a {@link Rejection.RejectedException} where it is not to be one, or where
   *     this manager does not lead; otherwise as {@link ReplicatedLog#addPeer} does
   */
  public CompletionStage<Void> enter(Peer peer) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    events.execute(
        () -> {
          entering.add(new Entering(peer, done));
          startNext();
        });
    return done;
  }

  private void refuseEntering() {
    entering.forEach(
        one ->
            one.done.completeExceptionally(
                new RejectedException(
                    new Rejection(Rejection.Kind.UNAVAILABLE, LeaderGate.NO_LEADER))));
    entering.clear();
  }

  @Override
  public void committed(Snapshot snapshot, List<Delta> deltas) {
    if (!leading) {
      return;
    }
    List<NodeId> changed =
        deltas.stream()
            .flatMap(delta -> delta.nodes().stream())
            .map(node -> node.latest())
            .filter(RoleDecisions::differs)
            .map(Node::id)
            .toList();
    if (!changed.isEmpty()) {
      events.execute(
          () -> {
            toCheck.addAll(changed);
            startNext();
          });
    }
  }

  @Override
  public void restored(Snapshot snapshot) {
    leading(leading);
  }

  /** One at a time: a log changes its members one by one. */
  private void startNext() {
    if (!leading) {
      refuseEntering();
      return;
    }
    while (!busy && !entering.isEmpty()) {
      letIn(entering.remove());
    }
    while (leading && !busy && !toCheck.isEmpty()) {
      NodeId id = toCheck.iterator().next();
      toCheck.remove(id);
      Optional<CompletionStage<?>> change = change(id);
      if (change.isPresent()) {
        busy = true;
        change.get().whenComplete((done, failure) -> events.execute(() -> changed(id, failure)));
      }
    }
  }

  private void letIn(Entering one) {
    Optional<Rejection> refusal =
        RoleDecisions.refusalToEnter(requests.snapshot(), new NodeId(one.peer.id()));
    if (refusal.isPresent()) {
      one.done.completeExceptionally(new RejectedException(refusal.get()));
      return;
    }
    busy = true;
    log.addPeer(one.peer)
        .whenComplete(
            (done, failure) ->
                events.execute(
                    () -> {
                      busy = false;
                      if (failure == null) {
                        one.done.complete(null);
                        membersChanged.run();
                      } else {
                        one.done.completeExceptionally(failure);
                      }
                      startNext();
                    }));
  }

  /** Does what is to be done about a node, if anything is. */
  private Optional<CompletionStage<?>> change(NodeId id) {
    return switch (RoleDecisions.next(
        requests.snapshot().nodes().find(id), votes(id), id.value().equals(self))) {
      case NOTHING -> Optional.empty();
      case RECORD_MANAGER -> {
        LOG.info("node {} is recorded as a manager", id);
        yield Optional.of(requests.submit(RoleDecisions.record(id, NodeRole.MANAGER)));
      }
      case RECORD_WORKER -> Optional.of(recordWorker(id));
      case HAND_OVER -> {
        LOG.info("this manager is to be demoted: another takes over leadership, and demotes it");
        yield Optional.of(log.transferLeadership(""));
      }
      case LEAVE_LOG_THEN_RECORD_WORKER ->
          Optional.of(leave(id).thenCompose(done -> recordWorker(id)));
      case LEAVE_LOG -> Optional.of(leave(id));
    };
  }

  private CompletionStage<Boolean> recordWorker(NodeId id) {
    return requests.submit(RoleDecisions.record(id, NodeRole.WORKER));
  }

  private boolean votes(NodeId id) {
    return log.peers().stream().anyMatch(peer -> peer.id().equals(id.value()));
  }

  private CompletionStage<Void> leave(NodeId id) {
    LOG.info("manager {} is removed from the log", id);
    return log.removePeer(id.value()).thenRun(() -> events.execute(membersChanged));
  }

  private void changed(NodeId id, Throwable failure) {
    busy = false;
    if (failure != null && leading) {
      LOG.warn(
          "the role of node {} could not be changed yet, trying again: {}", id, Reason.of(failure));
      events.schedule(
          RETRY,
          () -> {
            toCheck.add(id);
            startNext();
          });
    }
    startNext();
  }
}
