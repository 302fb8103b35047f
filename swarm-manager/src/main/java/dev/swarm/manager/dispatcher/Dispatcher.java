package dev.swarm.manager.dispatcher;

import dev.swarm.core.control.node.NodeDecisions;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.model.TaskStatus;
import dev.swarm.core.plan.Rejection;
import dev.swarm.core.plan.Rejection.RejectedException;
import dev.swarm.core.port.Cancellable;
import dev.swarm.core.port.Clock;
import dev.swarm.core.port.EventLoop;
import dev.swarm.core.port.IdSource;
import dev.swarm.core.port.StreamReceiver;
import dev.swarm.core.spec.Defaults;
import dev.swarm.core.spec.Durations;
import dev.swarm.core.store.Delta;
import dev.swarm.core.store.Snapshot;
import dev.swarm.core.wire.Reported;
import dev.swarm.manager.loop.CommitListener;
import dev.swarm.manager.loop.ControlLoop;
import docker.swarmkit.v1.AssignmentsMessage;
import docker.swarmkit.v1.AssignmentsRequest;
import docker.swarmkit.v1.HeartbeatRequest;
import docker.swarmkit.v1.HeartbeatResponse;
import docker.swarmkit.v1.NodeDescription;
import docker.swarmkit.v1.SessionMessage;
import docker.swarmkit.v1.SessionRequest;
import docker.swarmkit.v1.UpdateTaskStatusRequest;
import docker.swarmkit.v1.UpdateTaskStatusResponse;
import docker.swarmkit.v1.WeightedPeer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends agents their assignments and takes their heartbeats and status reports. Works on an event
 * loop of its own, so that no agent, and no number of heartbeats, delays the control loop, nor the
 * other way round.
 *
 * <p>The caller's node id is what its certificate says; see {@link DispatcherService}.
 */
public final class Dispatcher implements CommitListener {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

  /** How long a stock engine is told of others to talk to; it asks them at once. */
  static final Duration INTRODUCED_FOR = Duration.ofSeconds(5);

  private static final int STATUSES_MAX = 10_000;
  private static final String NOT_LEADING = "this manager does not lead";

  private final ControlLoop control;
  private final EventLoop events;
  private final Clock clock;
  private final IdSource ids;
  private final AgentSessions sessions = new AgentSessions();
  private final ChangesForAgents changes = new ChangesForAgents(sessions);
  private final AgentTeller teller;
  private final NodeWatch watch;
  private final RateLimit registrations;
  private volatile boolean leading;
  private volatile HeartbeatPlan plan = HeartbeatPlan.of(1, Duration.ZERO);

  /**
   * @param managers the addresses agents may connect to; never empty while this manager leads
   * @param probes runs host probes, which may block
   * @param ears where beats come in
   */
  public Dispatcher(
      ControlLoop control,
      EventLoop events,
      Clock clock,
      IdSource ids,
      Supplier<List<WeightedPeer>> managers,
      HostProbe probe,
      Executor probes,
      ReceiveBacklog ears) {
    this.control = control;
    this.events = events;
    this.clock = clock;
    this.ids = ids;
    registrations = new RateLimit(clock::nanoTime);
    teller = new AgentTeller(control, sessions, managers);
    watch = new NodeWatch(control, events, clock, sessions, () -> plan, probe, probes, ears);
  }

  // ---- what the log tells ----

  @Override
  public void leading(boolean leads) {
    leading = leads;
    events.execute(() -> lead(leads));
  }

  @Override
  public void committed(Snapshot snapshot, List<Delta> deltas) {
    if (!leading) {
      return;
    }
    if (changes.note(deltas)) {
      events.execute(this::flush);
    }
  }

  /** What changed is not known: every agent begins anew, and is told everything. */
  @Override
  public void restored(Snapshot snapshot) {
    events.execute(() -> sessions.closeAll("node must disconnect"));
  }

  private void lead(boolean leads) {
    if (leads) {
      replan();
      watch.start();
    } else {
      watch.stop();
      sessions.closeAll("node must disconnect");
    }
  }

  /** Ends every session; nothing more is sent. */
  public void close() {
    leading = false;
    events.execute(() -> lead(false));
  }

  /** Has every agent told where managers are now. Any thread. */
  public void managersChanged() {
    events.execute(
        () -> {
          if (leading) {
            teller.sendSessions();
          }
        });
  }

  private void replan() {
    Snapshot snapshot = control.snapshot();
    Duration asked =
        snapshot
            .cluster()
            .filter(c -> c.object().getSpec().hasDispatcher())
            .map(c -> Durations.toJava(c.object().getSpec().getDispatcher().getHeartbeatPeriod()))
            .filter(period -> !period.equals(Defaults.HEARTBEAT_PERIOD))
            .orElse(Duration.ZERO);
    plan = HeartbeatPlan.of(snapshot.nodes().size(), asked);
  }

  // ---- what agents ask ----

  /** Registers a node and opens its session; see {@code Dispatcher.Session}. Any thread. */
  public Cancellable session(
      NodeId node, String addr, SessionRequest request, StreamReceiver<SessionMessage> receiver) {
    events.execute(() -> register(node, addr, request, receiver));
    return () ->
        events.execute(
            () -> {
              // The agent is gone from this stream, not from this world: its beats decide.
              AgentSession session = sessions.get(node);
              if (session != null && session.messages == receiver) {
                LOG.debug("node {} closed its session stream", node);
              }
            });
  }

  private void register(
      NodeId node, String addr, SessionRequest request, StreamReceiver<SessionMessage> receiver) {
    if (!leading) {
      receiver.closed(NOT_LEADING);
      return;
    }
    AgentSession now = sessions.get(node);
    boolean goesOn = now != null && now.isOpen() && now.id.equals(request.getSessionId());
    NodeDescription description = request.getDescription();
    if (!registrations.permits(node, goesOn, clock.nanoTime())) {
      receiver.closed("node " + node + " exceeded rate limit count of registrations");
      return;
    }
    control
        .submit(NodeDecisions.register(node, description, addr))
        .whenComplete(
            (registered, failure) ->
                events.execute(
                    () -> {
                      if (failure != null) {
                        receiver.closed(String.valueOf(failure.getMessage()));
                      } else {
                        open(node, addr, description, receiver);
                      }
                    }));
  }

  private void open(
      NodeId node,
      String addr,
      NodeDescription description,
      StreamReceiver<SessionMessage> receiver) {
    if (!leading) {
      // It ceased to while the registration was committed, and has closed its sessions.
      receiver.closed(NOT_LEADING);
      return;
    }
    boolean isOurAgent =
        description.getEngine().getPluginsList().stream()
            .anyMatch(plugin -> plugin.getType().equals(Node.RUNTIME_PLUGIN));
    AgentSession session = new AgentSession(node, ids.next(), addr, isOurAgent, receiver);
    sessions.open(session);
    session.advertisesPeers = !isOurAgent;
    teller.sendSession(session, true);
    if (session.advertisesPeers) {
      events.schedule(INTRODUCED_FOR, () -> introduced(session));
    }
    LOG.debug("node {} registered from {}", node, addr);
  }

  private void introduced(AgentSession session) {
    session.advertisesPeers = false;
    if (session.isOpen() && leading) {
      teller.sendSession(session, false);
    }
  }

  /** Takes one beat. Any thread; touches neither loop. */
  public CompletionStage<HeartbeatResponse> heartbeat(NodeId node, HeartbeatRequest request) {
    AgentSession session = sessions.get(node, request.getSessionId());
    if (session == null || !session.isOpen()) {
      return rejected(Rejection.Kind.INVALID, "session invalid");
    }
    session.beat();
    return CompletableFuture.completedFuture(
        HeartbeatResponse.newBuilder().setPeriod(Durations.toWire(plan.period())).build());
  }

  private static <R> CompletionStage<R> rejected(Rejection.Kind kind, String message) {
    return CompletableFuture.failedFuture(new RejectedException(new Rejection(kind, message)));
  }

  /** Opens the stream of what the node is to run. Any thread. */
  public Cancellable assignments(
      NodeId node, AssignmentsRequest request, StreamReceiver<AssignmentsMessage> receiver) {
    events.execute(
        () -> {
          AgentSession session = sessions.get(node, request.getSessionId());
          if (session == null) {
            receiver.closed("session invalid");
            return;
          }
          SentAssignments set = new SentAssignments(node, (task, why) -> refuse(node, task, why));
          session.startAssignments(set, receiver);
          teller.tell(session, () -> receiver.next(set.complete(control.snapshot())));
        });
    return () ->
        events.execute(
            () -> {
              AgentSession session = sessions.get(node);
              if (session != null) {
                session.stopAssignments(receiver);
              }
            });
  }

  private void refuse(NodeId node, TaskId task, String why) {
    LOG.error(
        "task {} is not sent to node {}, because it would harm the node's engine: {}",
        task,
        node,
        why);
    control.report(
        node,
        Map.of(
            task,
            TaskStatus.of(TaskState.REJECTED, clock.now(), "not sent to the node")
                .withErr("the task cannot be sent to an agent: " + why)));
  }

  /** Takes what an agent reports; completes when it is committed. Any thread. */
  public CompletionStage<UpdateTaskStatusResponse> updateTaskStatus(
      NodeId node, UpdateTaskStatusRequest request) {
    AgentSession session = sessions.get(node, request.getSessionId());
    if (session == null) {
      return rejected(Rejection.Kind.INVALID, "session invalid");
    }
    if (request.getUpdatesCount() > STATUSES_MAX) {
      return rejected(Rejection.Kind.INVALID, "too many statuses in one report");
    }
    Snapshot snapshot = control.snapshot();
    Instant now = clock.now().truncatedTo(ChronoUnit.MILLIS);
    Map<TaskId, TaskStatus> statuses = new LinkedHashMap<>();
    for (var update : request.getUpdatesList()) {
      TaskId id = new TaskId(update.getTaskId());
      Task task = snapshot.tasks().get(id);
      if (task == null || !update.hasStatus()) {
        continue; // the agent may not know yet that the task is gone
      }
      if (!task.node().equals(node)) {
        return rejected(
            Rejection.Kind.PERMISSION_DENIED, "task " + id + " is not assigned to this node");
      }
      TaskStatus status = Reported.status(update.getStatus(), now);
      statuses.merge(id, status, TaskStatus::after);
    }
    return control
        .report(node, statuses)
        .thenApply(done -> UpdateTaskStatusResponse.getDefaultInstance());
  }

  // ---- what agents must hear ----

  private void flush() {
    ChangesForAgents.Changes changed = changes.take();
    if (!changed.nodes().isEmpty() || changed.cluster()) {
      replan();
    }
    Snapshot snapshot = control.snapshot();
    // First the node, then its tasks: a stock engine needs its own place on a task's network.
    if (changed.cluster()) {
      teller.sendSessions();
    } else {
      for (NodeId id : changed.nodes()) {
        AgentSession session = sessions.get(id);
        if (session != null) {
          teller.sendSession(session, false);
        }
      }
    }
    for (var entry : changed.tasks().entrySet()) {
      AgentSession session = sessions.get(entry.getKey());
      if (session != null) {
        teller.sendAssignments(session, snapshot, entry.getValue());
      }
    }
  }
}
