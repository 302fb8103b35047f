package dev.swarm.worker;

import dev.swarm.core.port.AgentLink;
import dev.swarm.core.port.Clock;
import dev.swarm.core.port.Disk;
import dev.swarm.core.port.EventLoop;
import dev.swarm.core.port.Promises;
import dev.swarm.host.SystemClock;
import dev.swarm.host.ThreadEventLoop;
import dev.swarm.worker.assignment.AssignmentSet;
import dev.swarm.worker.assignment.Outcome;
import dev.swarm.worker.disk.MemoryDisk;
import dev.swarm.worker.engine.Engine;
import dev.swarm.worker.engine.EngineOffer;
import dev.swarm.worker.engine.GuardedEngine;
import dev.swarm.worker.logs.LogPublisher;
import dev.swarm.worker.report.StatusReporter;
import dev.swarm.worker.session.Agent;
import dev.swarm.worker.session.AgentListener;
import dev.swarm.worker.session.CarefulListener;
import dev.swarm.worker.session.LinkFactory;
import dev.swarm.worker.session.Managers;
import dev.swarm.worker.task.TaskSet;
import dev.swarm.worker.template.TemplatingEngine;
import docker.swarmkit.v1.AssignmentsMessage;
import docker.swarmkit.v1.NodeDescription;
import docker.swarmkit.v1.NodeTLSInfo;
import docker.swarmkit.v1.SubscriptionMessage;
import docker.swarmkit.v1.Task;
import docker.swarmkit.v1.TaskState;
import docker.swarmkit.v1.TaskStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Agent of a node: keeps a session with a manager of the cluster, runs the assigned tasks on an
 * engine, and reports their status. All of it happens on one event loop: the one it is given, which
 * must be one that nothing blocks for long, or else a thread of its own. Public methods may be
 * called from any thread. Every stage completes or fails, whatever the engine does; once the worker
 * is closed the open ones have failed, and others fail at once, with an {@link
 * IllegalStateException}.
 *
 * <pre>{@code
 * Worker worker =
 *     Worker.builder()
 *         .nodeId(() -> id)
 *         .hostname("host-1")
 *         .engine(engine)
 *         .disk(new FileDisk(directory))
 *         .eventLoop(loop)
 *         .clock(new SystemClock())
 *         .random(RandomGenerator.getDefault())
 *         .links(address -> link)
 *         .managers(List.of("10.0.0.1:2377"))
 *         .build();
 * worker.start();
 * }</pre>
 *
 * <p>In one JVM with its manager, and with a memory that ends with it, a worker needs less:
 *
 * <pre>{@code
 * Worker worker =
 *     Worker.builder()
 *         .nodeId(id::value)
 *         .hostname("host-1")
 *         .engine(engine)
 *         .manager(() -> manager.link(id))
 *         .build();
 * }</pre>
 */
public final class Worker implements AutoCloseable {
  private static final Duration LEAVE_BEYOND_GRACE = Duration.ofMinutes(2);
  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

  private final EventLoop loop;
  private final Runnable endLoop;
  private final Engine engine;
  private final Supplier<String> hostname;
  private final Supplier<NodeTLSInfo> tlsInfo;
  private final Managers managers;
  private final TaskSet tasks;
  private final StatusReporter reporter;
  private final LogPublisher logs;
  private final Agent agent;
  private final Promises promises = new Promises();
  private final CompletableFuture<Void> registered = promises.open();
  private final AtomicBoolean begun = new AtomicBoolean();
  private final AtomicReference<@Nullable CompletableFuture<Void>> leaving =
      new AtomicReference<>();
  private AssignmentSet assigned = AssignmentSet.EMPTY;

  private Worker(Builder b) {
    if (b.loop == null) {
      ThreadEventLoop own =
          new ThreadEventLoop(
              "swarm-worker",
              fault ->
                  LOG.error(
                      "a fault in the worker; its other work goes on. Please report it", fault));
      loop = own;
      endLoop = own::close;
    } else {
      loop = b.loop;
      endLoop = () -> {};
    }
    hostname = need(b.hostname, "hostname");
    engine = new TemplatingEngine(new GuardedEngine(need(b.engine, "engine"), loop), hostname);
    tlsInfo = b.tlsInfo;
    managers = new Managers(b.managers);
    Clock clock = b.clock;
    Supplier<String> nodeId = need(b.nodeId, "nodeId");
    reporter = new StatusReporter(loop);
    tasks = new TaskSet(engine, b.disk, loop, clock, () -> assigned, new TaskEvents());
    logs = new LogPublisher(engine, loop, nodeId, tasks::tasks, this::stateOf);
    agent =
        new Agent(
            loop,
            clock,
            b.random,
            need(b.links, "links"),
            managers,
            this::describe,
            new SessionWork(nodeId),
            new CarefulListener(b.listener));
  }

  public static Builder builder() {
    return new Builder();
  }

  /**
   * Takes up the tasks on disk and begins to look for a manager. The stage fails if the disk cannot
   * be read; nothing runs then. A worker starts once.
   */
  public CompletionStage<Void> start() {
    CompletableFuture<Void> started = promises.open();
    if (!begun.compareAndSet(false, true)) {
      started.completeExceptionally(new IllegalStateException("the worker was started before"));
      return started;
    }
    return inLoop(
        started,
        () -> {
          assigned = AssignmentSet.remembered(tasks.restore());
          engine.whenOfferChanges(() -> loop.execute(agent::describeAgain));
          agent.start();
          return null;
        });
  }

  /**
   * Completes when a manager has registered this node for the first time. Fails where a manager
   * says that it does not know the node, though the worker goes on asking.
   */
  public CompletionStage<Void> registered() {
    return registered.minimalCompletionStage();
  }

  /** Registers with a manager again, for instance because the node's certificate changed. */
  public void reconnect(String why) {
    loop.execute(() -> agent.restart(why));
  }

  /**
   * Ends the session, then stops and removes every task: the node leaves its cluster. The stage
   * completes when nothing is left; the worker is closed then. Where the engine does not let go of
   * a task in time, two minutes after the longest grace period, the stage fails and names it; the
   * worker is closed then, too. Asked again, it is the same stage.
   */
  public CompletionStage<Void> leave() {
    CompletableFuture<Void> left = promises.open();
    CompletableFuture<Void> before = leaving.compareAndExchange(null, left);
    if (before != null) {
      left.complete(null);
      return before;
    }
    loop.execute(
        () -> {
          if (!left.isDone()) {
            agent.close();
            loop.schedule(tasks.longestGrace().plus(LEAVE_BEYOND_GRACE), () -> giveUpLeaving(left));
            tasks.removeAll(() -> ended(left));
          }
        });
    return left;
  }

  private void ended(CompletableFuture<Void> left) {
    left.complete(null);
    promises.close(new IllegalStateException("the worker has left its cluster"));
    endLoop.run();
  }

  private void giveUpLeaving(CompletableFuture<Void> left) {
    if (!left.isDone()) {
      List<String> there = tasks.ids();
      left.completeExceptionally(
          new IllegalStateException(
              "the engine did not remove "
                  + (there.size() == 1 ? "a task" : there.size() + " tasks")
                  + " in time; still there: "
                  + String.join(", ", there)));
      close();
    }
  }

  /** The addresses of the managers this node knows now. */
  public CompletionStage<List<String>> managers() {
    return inLoop(promises.open(), managers::addresses);
  }

  /**
   * Ends the session and does nothing more. Tasks keep running; a later worker with the same disk
   * takes them up again.
   */
  @Override
  public void close() {
    promises.close(new IllegalStateException("the worker was closed"));
    loop.execute(
        () -> {
          tasks.close();
          agent.close();
          endLoop.run();
        });
  }

  /** Work for the loop that may fail. */
  private interface Work<T> {
    @Nullable T run() throws IOException;
  }

  /**
   * Completes {@code stage} with what {@code work} gives on the loop, unless that is still open.
   */
  private <T> CompletionStage<T> inLoop(CompletableFuture<T> stage, Work<T> work) {
    if (stage.isDone()) {
      return stage;
    }
    loop.execute(
        () -> {
          if (stage.isDone()) {
            return;
          }
          try {
            stage.complete(work.run());
          } catch (IOException | RuntimeException | Error e) {
            stage.completeExceptionally(e);
          }
        });
    return stage;
  }

  private CompletionStage<NodeDescription> describe() {
    return engine.describe().thenApply(this::describe);
  }

  private NodeDescription describe(EngineOffer offer) {
    return NodeDescription.newBuilder()
        .setHostname(hostname.get())
        .setPlatform(offer.platform())
        .setResources(offer.resources())
        .setEngine(offer.engine())
        .setTlsInfo(tlsInfo.get())
        .build();
  }

  private TaskState stateOf(String taskId) {
    return tasks.status(taskId).map(TaskStatus::getState).orElse(TaskState.NEW);
  }

  private static <T> T need(@Nullable T part, String name) {
    if (part == null) {
      throw new IllegalStateException("a worker needs its " + name);
    }
    return part;
  }

  private final class TaskEvents implements TaskSet.Listener {
    @Override
    public void status(Task task, TaskStatus status) {
      reporter.report(task.getId(), status);
      logs.changed(task, status);
    }

    @Override
    public void gone(String taskId) {
      reporter.forget(taskId);
    }
  }

  private final class SessionWork implements Agent.Work {
    private final Supplier<String> nodeId;

    private SessionWork(Supplier<String> nodeId) {
      this.nodeId = nodeId;
    }

    @Override
    public void refused(String cause) {
      if (cause.endsWith(AgentLink.UNKNOWN_NODE)) {
        registered.completeExceptionally(
            new IllegalStateException(
                "the manager does not know the node "
                    + nodeId.get()
                    + ": admit it there first, or give the worker the manager that did"));
      }
    }

    @Override
    public void opened(AgentLink link, String sessionId, Consumer<String> failed) {
      registered.complete(null);
      assigned = assigned.newSession();
      logs.open(link);
      tasks.reportAll();
      reporter.open(link, sessionId, failed);
    }

    @Override
    public String assignments(AssignmentsMessage message) {
      return switch (assigned.apply(message)) {
        case Outcome.Applied applied -> {
          assigned = applied.next();
          tasks.apply(applied.delta());
          yield "";
        }
        case Outcome.Gap gap ->
            "assignments for \"" + gap.wanted() + "\" do not follow \"" + gap.have() + "\"";
      };
    }

    @Override
    public void subscription(SubscriptionMessage message) {
      logs.accept(message);
    }

    @Override
    public void closed() {
      reporter.close();
      logs.close();
    }
  }

  /** Collects a worker's parts. Everything without a stated default is required. */
  public static final class Builder {
    private @Nullable Supplier<String> nodeId;
    private @Nullable Supplier<String> hostname;
    private @Nullable Engine engine;
    private @Nullable EventLoop loop;
    private Disk disk = new MemoryDisk();
    private Clock clock = new SystemClock();
    private RandomGenerator random = RandomGenerator.getDefault();
    private @Nullable LinkFactory links;
    private List<String> managers = new ArrayList<>();
    private Supplier<NodeTLSInfo> tlsInfo = NodeTLSInfo::getDefaultInstance;
    private AgentListener listener = new AgentListener() {};

    private Builder() {}

    /** This node's id, as its certificate has it. */
    public Builder nodeId(Supplier<String> nodeId) {
      this.nodeId = nodeId;
      return this;
    }

    public Builder hostname(String hostname) {
      this.hostname = () -> hostname;
      return this;
    }

    /** What runs the tasks. The worker does not close it. */
    public Builder engine(Engine engine) {
      this.engine = engine;
      return this;
    }

    /** Where tasks are kept, under names beginning with {@code task-}; by default in memory. */
    public Builder disk(Disk disk) {
      this.disk = disk;
      return this;
    }

    /** Where everything happens; by default on a thread that the worker starts and ends. */
    public Builder eventLoop(EventLoop loop) {
      this.loop = loop;
      return this;
    }

    /** By default the machine's. */
    public Builder clock(Clock clock) {
      this.clock = clock;
      return this;
    }

    /**
     * Spreads waits and choices of managers; touched only from the event loop. Need not be secure.
     */
    public Builder random(RandomGenerator random) {
      this.random = random;
      return this;
    }

    /** How to reach the manager at an address. Not needed with {@link #manager}. */
    public Builder links(LinkFactory links) {
      this.links = links;
      return this;
    }

    /** Where to look for a manager at first, host:port each. */
    public Builder managers(List<String> addresses) {
      this.managers = List.copyOf(addresses);
      return this;
    }

    /**
     * The cluster has one manager, and it is in this JVM; in place of {@link #links} and {@link
     * #managers}.
     *
     * @param link makes a new link at every registration
     */
    public Builder manager(Supplier<AgentLink> link) {
      this.links = address -> link.get();
      this.managers = List.of("localhost");
      return this;
    }

    /** What the node trusts and who issued its certificate; by default nothing. */
    public Builder tlsInfo(Supplier<NodeTLSInfo> tlsInfo) {
      this.tlsInfo = tlsInfo;
      return this;
    }

    /** Hears about sessions, managers and certificates; by default nobody does. */
    public Builder listener(AgentListener listener) {
      this.listener = listener;
      return this;
    }

    public Worker build() {
      return new Worker(this);
    }
  }
}
