package dev.swarm.manager.dispatcher;

import dev.swarm.core.control.node.NodeDecisions;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.orchestrator.MassFailure;
import dev.swarm.core.port.Cancellable;
import dev.swarm.core.port.Clock;
import dev.swarm.core.port.EventLoop;
import dev.swarm.manager.loop.ControlLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Declares nodes down, while this manager leads, that are silent for too long or do not register
 * with a new leader. On the dispatcher's event loop.
 */
final class NodeWatch {
  private static final Logger LOG = LoggerFactory.getLogger(NodeWatch.class);

  /** A new leader waits this long for nodes to register. */
  static final Duration REGISTER_WITHIN = Liveness.REGISTER_WITHIN;

  /** How long it may take to hear what has arrived; one that takes longer is deaf. */
  static final Duration CATCH_UP_WITHIN = Duration.ofSeconds(5);

  /** From the thread that reads to the one that counts. */
  private static final Duration HANDED_ON_WITHIN = Duration.ofMillis(20);

  private static final Duration DOWN_RETRY = Duration.ofMillis(500);
  private static final Duration PROBE_TIMEOUT = Duration.ofMillis(800);

  private final ControlLoop control;
  private final EventLoop events;
  private final Clock clock;
  private final AgentSessions sessions;
  private final Supplier<HeartbeatPlan> plan;
  private final HostProbe probe;
  private final Executor probes;
  private final ReceiveBacklog ears;
  private final PauseDetector pauses;
  private final Set<NodeId> judged = new HashSet<>();
  private Duration awaited = Duration.ZERO;
  private boolean awaiting;
  private boolean held;
  private boolean watching;
  private @Nullable Cancellable ticks;

  /**
   * @param plan how long silence is borne
   * @param probes runs host probes, which may block
   * @param ears where beats come in
   */
  NodeWatch(
      ControlLoop control,
      EventLoop events,
      Clock clock,
      AgentSessions sessions,
      Supplier<HeartbeatPlan> plan,
      HostProbe probe,
      Executor probes,
      ReceiveBacklog ears) {
    this.control = control;
    this.events = events;
    this.clock = clock;
    this.sessions = sessions;
    this.plan = plan;
    this.probe = probe;
    this.probes = probes;
    this.ears = ears;
    pauses = new PauseDetector(Liveness.LOOK_EVERY, clock.nanoTime(), clock.now());
  }

  void stop() {
    watching = false;
    if (ticks != null) {
      ticks.cancel();
      ticks = null;
    }
  }

  /** Nothing is known of any node yet: each is to register. */
  void start() {
    stop();
    List<NodeId> ready =
        control.snapshot().nodes().stream().filter(Node::isReady).map(Node::id).sorted().toList();
    for (List<NodeId> some : NodeDecisions.lots(control.snapshot(), ready)) {
      control.submit(NodeDecisions.unknown(some));
    }
    watching = true;
    awaiting = true;
    awaited = Duration.ZERO;
    pauses.measure(clock.nanoTime(), clock.now()); // nobody looked while this manager followed
    tick();
  }

  private void tick() {
    if (!watching) {
      return;
    }
    ticks = events.schedule(Liveness.LOOK_EVERY, this::tick);
    PauseDetector.Passed passed = pauses.measure(clock.nanoTime(), clock.now());
    if (passed.paused()) {
      LOG.warn(
          "this manager was paused for {} ms, by its machine or its collector: every node gets a"
              + " whole heartbeat timeout again",
          passed.pause().toMillis());
    }
    judge(Liveness.silent(sessions.all(), plan.get(), passed, this::probe));
    // After a pause the nodes may have left again, and need the whole time to come back.
    awaited = passed.paused() ? Duration.ZERO : awaited.plus(passed.counted());
    if (awaiting && awaited.compareTo(REGISTER_WITHIN) > 0) {
      awaiting = false;
      List<NodeId> missing =
          control.snapshot().nodes().stream()
              .filter(node -> !node.isDown())
              .filter(node -> !node.description().getHostname().isEmpty())
              .map(Node::id)
              .filter(id -> !sessions.contains(id))
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
    if (watching && !silent.isEmpty()) {
      declareDown(silent, "heartbeat failure");
    }
  }

  private void declareDown(List<NodeId> nodes, String why) {
    for (NodeId id : nodes) {
      LOG.warn("node {} is down: {}", id, why);
      sessions.drop(id, "node must disconnect");
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
    List<NodeId> silent = nodes.stream().filter(id -> !sessions.contains(id)).toList();
    if (watching && !silent.isEmpty()) {
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
    LOG.info("no heartbeat of node {}: probing whether its host answers", session.node);
    probes.execute(
        () -> {
          if (probe.answers(session.addr, PROBE_TIMEOUT)) {
            session.hostAnswered();
          }
        });
  }
}
