package dev.swarm.manager.dispatcher;

import dev.swarm.core.control.node.NodeDecisions;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.Task;
import dev.swarm.core.model.TaskId;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.model.TaskStatus;
import dev.swarm.core.orchestrator.MassFailure;
import dev.swarm.core.plan.Rejection;
import dev.swarm.core.plan.Rejection.RejectedException;
import dev.swarm.core.port.AgentLink;
import dev.swarm.core.port.Cancellable;
import dev.swarm.core.port.Clock;
import dev.swarm.core.port.EventLoop;
import dev.swarm.core.port.IdSource;
import dev.swarm.core.port.StreamReceiver;
import dev.swarm.core.spec.Defaults;
import dev.swarm.core.spec.Durations;
import dev.swarm.core.store.Delta;
import dev.swarm.core.store.Delta.Changed;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells agents what to do and hears how it goes. Works on an event loop of its own, so that no
 * agent, and no number of beats, delays the control loop, nor the other way round.
 *
 * <p>The caller's node id is what its certificate says; see {@link DispatcherService}.
 */
public final class Dispatcher implements CommitListener {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

  /** A new leader waits this long for nodes to register. */
  static final Duration REGISTER_WITHIN = Liveness.REGISTER_WITHIN;

  /** How long a stock engine is told of others to talk to; it asks them at once. */
  static final Duration INTRODUCED_FOR = Duration.ofSeconds(5);

  /** How long it may take to hear what has arrived; one that takes longer is deaf. */
  static final Duration CATCH_UP_WITHIN = Duration.ofSeconds(5);

  /** From the thread that reads to the one that counts. */
  private static final Duration HANDED_ON_WITHIN = Duration.ofMillis(20);

  private static final Duration DOWN_RETRY = Duration.ofMillis(500);
  private static final Duration PROBE_TIMEOUT = Duration.ofMillis(800);
  private static final int STATUSES_MAX = 10_000;
  private static final String NOT_LEADING = "this manager does not lead";
  private static final String OURS = "the manager made a mistake; its log says more";

  private final ControlLoop control;
  private final EventLoop events;
  private final Clock clock;
  private final IdSource ids;
  private final Supplier<List<WeightedPeer>> managers;
  private final HostProbe probe;
  private final java.util.concurrent.Executor probes;
  private final Map<NodeId, AgentSession> sessions = new ConcurrentHashMap<>();
  private final RateLimit registrations;
  private final PauseDetector wakefulness;
  private final ReceiveBacklog ears;
  private final Set<NodeId> judged = new HashSet<>();
  private final Object changedLock = new Object();
  private Map<NodeId, Set<TaskId>> changedTasks = new HashMap<>(); // under changedLock
  private Set<NodeId> changedNodes = new TreeSet<>(); // under changedLock
  private boolean clusterChanged; // under changedLock
  private volatile boolean leading;
  private volatile HeartbeatPlan plan = HeartbeatPlan.of(1, Duration.ZERO);
  private Duration awaited = Duration.ZERO;
  private boolean awaiting;
  private boolean held;
  private @Nullable Cancellable ticks;

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
      java.util.concurrent.Executor probes,
      ReceiveBacklog ears) {
    this.control = control;
    this.events = events;
    this.clock = clock;
    this.ids = ids;
    this.managers = managers;
    this.probe = probe;
    this.probes = probes;
    registrations = new RateLimit(clock::nanoTime);
    this.ears = ears;
    wakefulness = new PauseDetector(Liveness.LOOK_EVERY, clock.nanoTime(), clock.now());
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
    boolean any = false;
    synchronized (changedLock) {
      for (Delta delta : deltas) {
        for (Changed<Task> changed : delta.tasks()) {
          NodeId node = changed.latest().node();
          if (!node.isNone() && sessions.containsKey(node)) {
            changedTasks.computeIfAbsent(node, n -> new TreeSet<>()).add(changed.latest().id());
            any = true;
          }
        }
        for (Changed<Node> changed : delta.nodes()) {
          changedNodes.add(changed.latest().id());
          any = true;
        }
        clusterChanged |= !delta.clusters().isEmpty();
        any |= clusterChanged;
      }
    }
    if (any) {
      events.execute(this::flush);
    }
  }

  /** What changed is not known: every agent begins anew, and is told everything. */
  @Override
  public void restored(Snapshot snapshot) {
    events.execute(() -> closeAll("node must disconnect"));
  }

  private void lead(boolean leads) {
    if (ticks != null) {
      ticks.cancel();
      ticks = null;
    }
    if (!leads) {
      closeAll("node must disconnect");
      return;
    }
    replan();
    List<NodeId> ready =
        control.snapshot().nodes().stream().filter(Node::isReady).map(Node::id).sorted().toList();
    for (List<NodeId> some : NodeDecisions.lots(control.snapshot(), ready)) {
      control.submit(NodeDecisions.unknown(some));
    }
    awaiting = true;
    awaited = Duration.ZERO;
    wakefulness.look(clock.nanoTime(), clock.now()); // nobody looked while this manager followed
    tick();
  }

  private void closeAll(String why) {
    List<AgentSession> open = new ArrayList<>(sessions.values());
    sessions.clear();
    open.forEach(session -> session.close(why));
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
            new ArrayList<>(sessions.values()).forEach(session -> sendSession(session, false));
          }
        });
  }

  // ---- life and death ----

  private void tick() {
    if (!leading) {
      return;
    }
    ticks = events.schedule(Liveness.LOOK_EVERY, this::tick);
    PauseDetector.Look look = wakefulness.look(clock.nanoTime(), clock.now());
    if (look.paused()) {
      LOG.warn(
          "this manager was held up for {} ms: every node gets its time again",
          look.pause().toMillis());
    }
    judge(Liveness.look(sessions.values(), plan, look, this::probe));
    // After a pause the nodes may have left again, and need the whole time to come back.
    awaited = look.paused() ? Duration.ZERO : awaited.plus(look.counted());
    if (awaiting && awaited.compareTo(REGISTER_WITHIN) > 0) {
      awaiting = false;
      List<NodeId> missing =
          control.snapshot().nodes().stream()
              .filter(node -> !node.isDown())
              .filter(node -> !node.description().getHostname().isEmpty())
              .map(Node::id)
              .filter(id -> !sessions.containsKey(id))
              .sorted()
              .toList();
      if (!missing.isEmpty()) {
        declareDown(missing, "the node did not register with the new leader in time");
      }
    }
  }

  /**
   * Declares down those that are silent still when all that had arrived has been heard: their beats
   * may wait in sockets and queues, behind others' handshakes.
   */
  private void judge(List<NodeId> silent) {
    Map<AgentSession, Long> beats = new LinkedHashMap<>();
    for (NodeId id : silent) {
      AgentSession session = sessions.get(id);
      if (session != null && judged.add(id)) {
        beats.put(session, session.beats());
      }
    }
    if (beats.isEmpty()) {
      return;
    }
    Runnable verdict = once(() -> events.schedule(HANDED_ON_WITHIN, () -> sentence(beats)));
    events.schedule(CATCH_UP_WITHIN, verdict);
    ears.caughtUp().whenComplete((done, failure) -> verdict.run());
  }

  private static Runnable once(Runnable task) {
    AtomicBoolean done = new AtomicBoolean();
    return () -> {
      if (done.compareAndSet(false, true)) {
        task.run();
      }
    };
  }

  private void sentence(Map<AgentSession, Long> beats) {
    List<NodeId> silent = new ArrayList<>();
    beats.forEach(
        (session, heard) -> {
          judged.remove(session.node);
          if (sessions.get(session.node) == session && session.beats() == heard) {
            silent.add(session.node);
          }
        });
    if (leading && !silent.isEmpty()) {
      declareDown(silent, "heartbeat failure");
    }
  }

  private void declareDown(List<NodeId> nodes, String why) {
    for (NodeId id : nodes) {
      LOG.warn("node {} is down: {}", id, why);
      AgentSession session = sessions.remove(id);
      if (session != null) {
        session.close("node must disconnect");
      }
    }
    NodeDecisions.lots(control.snapshot(), nodes).forEach(some -> recordDown(some, why));
  }

  private void recordDown(List<NodeId> nodes, String why) {
    control
        .submit(NodeDecisions.down(nodes, why))
        .whenComplete(
            (count, failure) ->
                events.execute(
                    () -> {
                      if (failure == null) {
                        sayIfHeld();
                      } else {
                        events.schedule(DOWN_RETRY, () -> declareDownAgain(nodes, why));
                      }
                    }));
  }

  // Nobody listens for their beats any more: if this is not said now it never is.
  private void declareDownAgain(List<NodeId> nodes, String why) {
    List<NodeId> silent = nodes.stream().filter(id -> !sessions.containsKey(id)).toList();
    if (leading && !silent.isEmpty()) {
      declareDown(silent, why);
    }
  }

  private void sayIfHeld() {
    boolean now = MassFailure.heldUntil(control.snapshot()).isAfter(clock.now());
    if (now && !held) {
      LOG.warn(
          "more than a third of the nodes vanished at once: their tasks stay until {}",
          MassFailure.heldUntil(control.snapshot()));
    }
    held = now;
  }

  private void probe(AgentSession session) {
    LOG.info("node {} is silent; asking its host", session.node);
    probes.execute(
        () -> {
          if (probe.answers(session.addr, PROBE_TIMEOUT)) {
            session.hostAnswered();
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
    AgentSession before = sessions.put(node, session);
    if (before != null) {
      before.close("the node opened another session");
    }
    session.advertisesPeers = !isOurAgent;
    sendSession(session, true);
    if (session.advertisesPeers) {
      events.schedule(INTRODUCED_FOR, () -> introduced(session));
    }
    LOG.debug("node {} registered from {}", node, addr);
  }

  private void introduced(AgentSession session) {
    session.advertisesPeers = false;
    if (session.isOpen() && leading) {
      sendSession(session, false);
    }
  }

  private void sendSession(AgentSession session, boolean always) {
    tell(session, () -> buildSession(session, always));
  }

  /** Whoever cannot be told something, by a mistake of ours, registers anew; the others go on. */
  private void tell(AgentSession session, Runnable what) {
    try {
      what.run();
    } catch (RuntimeException | Error fault) {
      drop(session, OURS);
      control.faults().contain("node " + session.node + " cannot be told what to do", fault);
    }
  }

  private void buildSession(AgentSession session, boolean always) {
    Snapshot snapshot = control.snapshot();
    Node node = snapshot.nodes().get(session.node);
    if (node == null) {
      drop(session, AgentLink.UNKNOWN_NODE);
      return;
    }
    if (!node.isReady()) {
      // Declared down or unknown while it registered: only another registration makes it ready.
      drop(session, "node must disconnect");
      return;
    }
    SessionMessage built =
        SessionMessages.of(snapshot, node, session.id, managers.get(), session.advertisesPeers);
    if (!always && SessionMessages.sameForAgent(session.lastSent, built)) {
      return;
    }
    var problem = WireGuard.problem(built);
    if (problem.isPresent()) {
      LOG.error("a session message for node {} was held back: {}", session.node, problem.get());
      drop(session, "this manager has nothing valid to say: " + problem.get());
      return;
    }
    session.lastSent = built;
    session.messages.next(built);
  }

  private void drop(AgentSession session, String why) {
    sessions.remove(session.node, session);
    session.close(why);
  }

  /** Takes one beat. Any thread; touches neither loop. */
  public CompletionStage<HeartbeatResponse> heartbeat(NodeId node, HeartbeatRequest request) {
    AgentSession session = sessions.get(node);
    if (session == null || !session.isOpen() || !session.id.equals(request.getSessionId())) {
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
          AgentSession session = sessions.get(node);
          if (session == null || !session.id.equals(request.getSessionId())) {
            receiver.closed("session invalid");
            return;
          }
          AssignmentSet set = new AssignmentSet(node, (task, why) -> refuse(node, task, why));
          session.startAssignments(set, receiver);
          tell(session, () -> receiver.next(set.complete(control.snapshot())));
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
    LOG.error("task {} was held back from node {}: {}", task, node, why);
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
    AgentSession session = sessions.get(node);
    if (session == null || !session.id.equals(request.getSessionId())) {
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
    Map<NodeId, Set<TaskId>> tasks;
    Set<NodeId> nodes;
    boolean everyone;
    synchronized (changedLock) {
      tasks = changedTasks;
      nodes = changedNodes;
      everyone = clusterChanged;
      changedTasks = new HashMap<>();
      changedNodes = new TreeSet<>();
      clusterChanged = false;
    }
    if (!nodes.isEmpty() || everyone) {
      replan();
    }
    Snapshot snapshot = control.snapshot();
    // First the node, then its tasks: a stock engine needs its own place on a task's network.
    if (everyone) {
      new ArrayList<>(sessions.values()).forEach(session -> sendSession(session, false));
    } else {
      for (NodeId id : nodes) {
        AgentSession session = sessions.get(id);
        if (session != null) {
          sendSession(session, false);
        }
      }
    }
    for (var entry : tasks.entrySet()) {
      AgentSession session = sessions.get(entry.getKey());
      if (session != null) {
        tell(session, () -> sendAssignments(session, snapshot, entry.getValue()));
      }
    }
  }

  private static void sendAssignments(AgentSession session, Snapshot snapshot, Set<TaskId> tasks) {
    AssignmentSet set = session.assigned();
    StreamReceiver<AssignmentsMessage> receiver = session.assignments();
    if (set != null && receiver != null) {
      set.incremental(snapshot, tasks).ifPresent(receiver::next);
    }
  }
}
