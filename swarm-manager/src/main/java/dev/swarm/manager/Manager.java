package dev.swarm.manager;

import dev.swarm.core.control.cluster.ClusterSecrets;
import dev.swarm.core.control.node.CertificateStanding;
import dev.swarm.core.control.node.NodeAdmission;
import dev.swarm.core.loop.Controllers;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.pki.IdentityHolder;
import dev.swarm.core.plan.Requests;
import dev.swarm.core.port.AgentLink;
import dev.swarm.core.port.Clock;
import dev.swarm.core.port.IdSource;
import dev.swarm.core.port.Reason;
import dev.swarm.core.port.ReplicatedLog.Peer;
import dev.swarm.core.store.Snapshot;
import dev.swarm.host.SystemClock;
import dev.swarm.host.ThreadEventLoop;
import dev.swarm.manager.api.ControlService;
import dev.swarm.manager.api.ControlSettings;
import dev.swarm.manager.api.HealthService;
import dev.swarm.manager.api.Replies;
import dev.swarm.manager.api.ResourceService;
import dev.swarm.manager.api.WatchService;
import dev.swarm.manager.ca.CaService;
import dev.swarm.manager.ca.CertificateIssuer;
import dev.swarm.manager.ca.Cfssl;
import dev.swarm.manager.ca.ClusterBootstrap;
import dev.swarm.manager.ca.ClusterKeys;
import dev.swarm.manager.ca.NodeCaService;
import dev.swarm.manager.ca.RootKeeper;
import dev.swarm.manager.ca.TokenGuesses;
import dev.swarm.manager.dispatcher.Dispatcher;
import dev.swarm.manager.dispatcher.DispatcherService;
import dev.swarm.manager.dispatcher.HostProbe;
import dev.swarm.manager.edge.Edge;
import dev.swarm.manager.edge.RemoteLog;
import dev.swarm.manager.loop.ControlLoop;
import dev.swarm.manager.loop.Faults;
import dev.swarm.manager.members.LeaderChannel;
import dev.swarm.manager.members.LeaderGate;
import dev.swarm.manager.members.LogVoters;
import dev.swarm.manager.members.ManagersService;
import dev.swarm.manager.members.RoleKeeper;
import dev.swarm.manager.members.UnlockKeySync;
import dev.swarm.manager.servicelogs.LogBroker;
import dev.swarm.manager.servicelogs.LogBrokerService;
import dev.swarm.manager.servicelogs.LogsService;
import dev.swarm.manager.tls.Access;
import dev.swarm.manager.tls.Authority;
import dev.swarm.manager.tls.Caller;
import dev.swarm.manager.tls.OpenCalls;
import docker.swarmkit.v1.NodeSpec;
import io.grpc.BindableService;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.inprocess.InProcessChannelBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A manager of a cluster: keeps the specs of services, and assigns tasks to workers so that they
 * are met. Embeddable; the program {@code swarm daemon} is one such embedding.
 *
 * <pre>{@code
 * try (Manager manager = Manager.inMemory()) {
 *   manager.ready().toCompletableFuture().join();
 *   ControlGrpc.newBlockingStub(manager.localChannel()).createService(request);
 * }
 * }</pre>
 *
 * <p>All methods may be called from any thread. Once the manager is closed, or has ended by itself,
 * every stage that is still open has failed, and others fail at once, with an {@link
 * IllegalStateException}; its links have ended.
 */
public final class Manager implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Manager.class);
  private static final String CLOSED = "the manager was closed";
  private static final int HANDOVER_SECONDS_MAX = 3;
  private static final String RAFT = "dev.swarm.v1.Raft";
  private static final String MANAGERS = "dev.swarm.v1.Managers";

  private final ManagerOptions options;
  private final Clock clock = new SystemClock();
  private final SecureRandom random = new SecureRandom();
  private final IdSource ids = new RandomIds(random);
  private final ClusterSecrets secrets = new ClusterKeys(clock, random);
  private final ThreadEventLoop controlEvents = eventLoop("swarm-control");
  private final ThreadEventLoop dispatchEvents = eventLoop("swarm-dispatcher");
  private final ThreadEventLoop memberEvents = eventLoop("swarm-members");
  private final ThreadEventLoop logEvents = eventLoop("swarm-logs");
  private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
  private final ManagerLog log;
  private final LogVoters voters;
  private final ControlLoop control;
  private final Dispatcher dispatcher;
  private final LogBroker broker;
  private final ConditionWaiters awaited;
  private final LeaderChannel leader;
  private final LeaderGate gate;
  private final Leading leading;
  private final RoleKeeper roles;
  private final WatchService watch;
  private final Authority authority;
  private final OpenCalls calls;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final HealthService health = new HealthService();
  private final Set<LocalAgentLink> links = ConcurrentHashMap.newKeySet();
  private final Object closing = new Object();
  private volatile @Nullable Servers servers;
  private final ManagedChannel localChannel;
  private volatile boolean closed;

  private Manager(ManagerOptions options, ManagerLog log) throws IOException {
    this.options = options;
    this.log = log;
    voters = new LogVoters(log.log(), log.isShared());
    control = new ControlLoop(log.log(), controlEvents, clock, ids, Controllers.ALL);
    dispatcher =
        new Dispatcher(
            control,
            dispatchEvents,
            clock,
            ids,
            voters::weighted,
            HostProbe::ping,
            blocking,
            this::caughtUp);
    broker = new LogBroker(logEvents, ids, control::snapshot);
    control.listen(dispatcher);
    control.listen(broker);
    String self = options.identity().current().nodeId();
    leader = new LeaderChannel(log.log(), self, log::dial);
    gate = new LeaderGate(this::leads, leader::get, memberEvents);
    leading =
        new Leading(control, options, voters, health, leader, gate, memberEvents, this::fault);
    control.listen(leading);
    roles = new RoleKeeper(log.log(), control, memberEvents, self, dispatcher::managersChanged);
    control.listen(roles);
    control.listen(
        new UnlockKeySync(memberEvents, options.unlock(), key -> log.seal(key, options.sealing())));
    control.listen(new RootKeeper(control, memberEvents, secrets));
    awaited = new ConditionWaiters(control::snapshot, blocking);
    control.listen(awaited);
    watch = new WatchService(blocking);
    control.listen(watch);
    authority =
        new Authority(
            options.identity().current().clusterId(),
            certificate -> CertificateStanding.of(control.snapshot(), certificate),
            Map.of(RAFT, Access.LOG_MEMBER, MANAGERS, Access.MANAGER));
    calls = new OpenCalls(authority, blocking);
    control.listen(calls);
    String name = "swarm-" + ids.next();
    localChannel = InProcessChannelBuilder.forName(name).build();
    try {
      servers = serve(name);
      log.log().start(control.stateMachine());
      log.ended().whenComplete(this::logEnded);
      blocking.execute(this::enter);
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Starts a manager: one that founds a cluster, one that goes on with its own log, or one that
   * enters the log of {@link ManagerOptions#managers}. It serves once there is a leader; see {@link
   * #ready}. Blocks for at most some 30 seconds, and only where it enters.
   *
   * @throws IOException if the port is taken, the log cannot be read, or no other manager lets this
   *     one in, in a sentence for people
   */
  public static Manager start(ManagerOptions options) throws IOException {
    return new Manager(options, ManagerLog.open(options, new SecureRandom()));
  }

  /**
   * Starts a manager that founds a cluster of its own, with the default settings, in memory and
   * without network: its workers are in this JVM too, made known by {@link #admitWorker} and
   * connected by {@link #link}. For anything else there is {@link #start}.
   */
  public static Manager inMemory() {
    Clock clock = new SystemClock();
    SecureRandom random = new SecureRandom();
    ClusterBootstrap founding =
        ClusterBootstrap.create(
            ClusterBootstrap.defaultSpec(),
            NodeSpec.Availability.ACTIVE,
            new RandomIds(random),
            random,
            clock.now());
    IdentityHolder identity = new IdentityHolder(founding.identity(), clock);
    try {
      return start(ManagerOptions.inMemory(identity, founding));
    } catch (IOException e) {
      throw new UncheckedIOException("a manager without disk and network cannot fail so", e);
    }
  }

  private Servers serve(String localName) throws IOException {
    CertificateIssuer issuer =
        new CertificateIssuer(
            control,
            ids,
            clock,
            random,
            options.certificateValidity(),
            new Cfssl(options.identity()),
            blocking);
    List<BindableService> services = new ArrayList<>();
    if (log.isShared()) {
      services.add(
          new ManagersService(control, log.log(), log::keys, log::dial, blocking, roles::enter));
    }
    services.addAll(
        List.of(
            new CaService(issuer),
            new NodeCaService(issuer, new TokenGuesses(clock)),
            new DispatcherService(dispatcher),
            new LogBrokerService(broker, Caller::currentNode, Replies::status),
            new LogsService(broker, Replies::status),
            new ControlService(control, controlSettings()),
            new ResourceService(control, Caller::currentNode),
            watch,
            health));
    Edge edge = new Edge(this::nodeAddresses, clock, new RemoteLog());
    return Servers.open(options, localName, services, log.service(), gate, authority, calls, edge);
  }

  private Set<String> nodeAddresses() {
    return control.snapshot().nodes().values().stream()
        .map(node -> node.status().addr())
        .collect(Collectors.toSet());
  }

  private ControlSettings controlSettings() {
    return new ControlSettings(voters::status, secrets, voters, this::setAside);
  }

  /**
   * Completes once this manager serves: it leads a cluster that exists, or is a voter of one and
   * knows who leads. Fails if it ends before.
   */
  public CompletionStage<Void> ready() {
    return leading.ready().minimalCompletionStage();
  }

  /**
   * Completes when the manager is over: normally after {@link #close}, or because the others took
   * it out of their log; otherwise with the reason. What it holds is given back by itself; {@link
   * #close} waits for that.
   */
  public CompletionStage<Void> ended() {
    return ended.minimalCompletionStage();
  }

  /** Whether this manager leads now. */
  public boolean leads() {
    return leading.serves();
  }

  /** Whether {@link #ready} has completed: this manager serves, or did so and may again. */
  public boolean isReady() {
    CompletableFuture<Void> ready = leading.ready();
    return ready.isDone() && !ready.isCompletedExceptionally();
  }

  /** The node id and the address of the manager that leads, if that is another one. */
  public Optional<Peer> otherLeader() {
    return leads() ? Optional.empty() : leader.leader();
  }

  /** The state, and the way to change it, as this manager has it. */
  public Requests requests() {
    return control;
  }

  /**
   * Completes, with the state as it then was, once the cluster's state satisfies {@code condition}:
   * now, or after some commit. Fails when the manager is closed before, or with what the condition
   * throws.
   *
   * @param condition is asked after every commit, on the log's thread: it must be quick, must not
   *     block, and must not change anything
   */
  public CompletionStage<Snapshot> when(Predicate<Snapshot> condition) {
    return awaited.when(condition);
  }

  /**
   * Reaches the services of whoever leads, as this manager and without network to itself: Control,
   * Logs and the rest.
   */
  public Channel localChannel() {
    return localChannel;
  }

  /** The address the manager listens on, if it does; with port 0 in the options, the one chosen. */
  public Optional<Integer> port() {
    Servers open = servers;
    return open == null ? Optional.empty() : open.port();
  }

  /** Every method that other machines can call. */
  List<MethodDescriptor<?, ?>> portMethods() {
    Servers open = servers;
    return open == null ? List.of() : open.portMethods();
  }

  /** How many streams are open here on the rights of that node. */
  int streamsOf(NodeId node) {
    return calls.of(node.value());
  }

  /** Makes a worker known that will run in this JVM, over {@link #link}. */
  public CompletionStage<NodeId> admitWorker() {
    return control.submit(NodeAdmission.local(new NodeId(ids.next())));
  }

  /** A link for an agent in this JVM that is node {@code id}, at this manager's address. */
  public AgentLink link(NodeId id) {
    String host = options.advertise().host();
    LocalAgentLink link = new LocalAgentLink(id, host, dispatcher, broker, links::remove);
    links.add(link);
    if (closed) {
      link.close(CLOSED);
    }
    return link;
  }

  private CompletionStage<Void> caughtUp() {
    Servers open = servers;
    return open == null ? CompletableFuture.completedFuture(null) : open.caughtUp();
  }

  private void enter() {
    try {
      log.enter();
    } catch (IOException e) {
      // Closed while it still waited; nobody is left to be told.
      LOG.debug("this manager was not added to the log", e);
    }
  }

  private void logEnded(@Nullable Void end, @Nullable Throwable failure) {
    if (failure != null && !closed) {
      fault(failure);
    } else if (!closed) {
      LOG.info("this manager was removed from the log, and ends");
      ended.complete(null);
      Thread.ofVirtual().start(this::close);
    }
  }

  /**
   * What this manager, while it leads, does not look after for now because of a mistake in the
   * program, in words for people.
   */
  public List<String> setAside() {
    return control.setAside();
  }

  /** How many mistakes of the program this manager has gone on after. */
  long faults() {
    return control.faults().total();
  }

  private ThreadEventLoop eventLoop(String name) {
    return new ThreadEventLoop(name, fault -> contain(name, fault));
  }

  /** One task on an event loop failed; the loop, and the manager, go on if they can. */
  private void contain(String loop, Throwable fault) {
    if (Faults.endsTheManager(fault)) {
      fault(fault);
    } else {
      control.faults().contain("a task on the event loop " + loop + " failed", fault);
    }
  }

  private void fault(Throwable fault) {
    LOG.error(
        "this manager ends: a committed change could not be applied, or the JVM failed. Start the"
            + " daemon again; if it ends at the same change, report it",
        fault);
    leading.ready().completeExceptionally(fault);
    ended.completeExceptionally(fault);
    Thread.ofVirtual().start(this::close);
  }

  /** A leader that goes in order lets another lead first, so that nobody has to miss it. */
  private void handOver() {
    if (!leads() || log.log().peers().size() < 2) {
      return;
    }
    try {
      log.log()
          .transferLeadership("")
          .toCompletableFuture()
          .get(HANDOVER_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn(
          "no other manager took over leadership before this one ended; the others elect a leader"
              + " by themselves: {}",
          Reason.of(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static IllegalStateException closedException() {
    return new IllegalStateException(CLOSED);
  }

  @Override
  public void close() {
    synchronized (closing) {
      if (!ended.isDone() || !closed) {
        end();
      }
    }
  }

  private void end() {
    closed = true;
    handOver();
    leading.close();
    links.forEach(link -> link.close(CLOSED));
    dispatcher.close();
    watch.close();
    gate.close();
    leader.close();
    Servers open = servers;
    if (open != null) {
      open.close();
    }
    localChannel.shutdownNow();
    blocking.shutdownNow();
    log.close();
    memberEvents.close();
    controlEvents.close();
    dispatchEvents.close();
    logEvents.close();
    control.close(closedException());
    awaited.close();
    leading.ready().completeExceptionally(closedException());
    ended.complete(null);
  }
}
