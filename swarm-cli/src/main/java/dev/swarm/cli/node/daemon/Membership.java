package dev.swarm.cli.node.daemon;

import com.google.protobuf.ByteString;
import dev.swarm.cli.node.engineapi.routes.LocalMembership;
import dev.swarm.cli.node.engineapi.routes.LocalNode;
import dev.swarm.cli.node.engineapi.routes.LocalPlace;
import dev.swarm.cli.node.identity.DispatcherChannels;
import dev.swarm.cli.node.identity.JoinException;
import dev.swarm.cli.node.identity.Renewal;
import dev.swarm.cli.node.identity.RenewalSchedule;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.net.HostPort;
import dev.swarm.core.pki.CredentialException;
import dev.swarm.core.pki.IdentityHolder;
import dev.swarm.core.pki.NodeIdentity;
import dev.swarm.core.pki.RootCertificate;
import dev.swarm.core.port.AgentLink;
import dev.swarm.core.store.Snapshot;
import dev.swarm.host.SystemClock;
import dev.swarm.host.ThreadEventLoop;
import dev.swarm.manager.Manager;
import dev.swarm.manager.ca.ClusterBootstrap;
import dev.swarm.manager.raft.storage.UnlockKey;
import dev.swarm.worker.Worker;
import dev.swarm.worker.disk.FileDisk;
import dev.swarm.worker.session.AgentListener;
import dev.swarm.worker.session.GrpcAgentLink;
import docker.swarmkit.v1.ClusterSpec;
import docker.swarmkit.v1.Node;
import docker.swarmkit.v1.NodeRole;
import docker.swarmkit.v1.NodeTLSInfo;
import docker.swarmkit.v1.WeightedPeer;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This node while it is in a swarm: its agent, and its manager if it is one. */
final class Membership implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
  private static final Duration MANAGER_READY_WITHIN = Duration.ofSeconds(30);
  private static final Duration OTHERS_AWAITED = Duration.ofSeconds(3);
  private static final Duration STOPPED_WITHIN = Duration.ofSeconds(60);

  private final NodeDirectory directory;
  private final IdentityHolder identity;
  private final SystemClock clock = new SystemClock();
  private final SecureRandom random = new SecureRandom();
  private final ThreadEventLoop loop;
  private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
  private final DispatcherChannels channels;
  private final NodeEngines engines;
  private final Worker worker;
  private final RenewalSchedule renewal;
  private final OwnManager manager;
  private final CompletableFuture<Void> registered = new CompletableFuture<>();
  private final DemotionNotice demotion =
      new DemotionNotice(this::askForRole, () -> LocalNode.WORKER_SENTENCE);
  private final boolean joining;
  private volatile NodeDirectory.State state;
  private volatile String problem = "";
  private volatile ByteString issuer;

  private Membership(
      DaemonOptions options,
      NodeDirectory directory,
      NodeIdentity initial,
      NodeDirectory.State state,
      Optional<UnlockKey> unlock,
      boolean joining)
      throws IOException {
    this.directory = directory;
    this.state = state;
    this.joining = joining;
    identity = new IdentityHolder(initial, clock);
    issuer = ByteString.copyFrom(initial.issuerPublicKey());
    loop =
        new ThreadEventLoop(
            "swarm-agent",
            fault ->
                LOG.error(
                    "a fault in this node's agent; its other work goes on. Please report it",
                    fault));
    channels = new DispatcherChannels(blocking, clock);
    engines = NodeEngines.open(options, directory, initial.nodeId(), clock);
    manager =
        new OwnManager(
            directory, identity, () -> this.state, unlock, loop, blocking, new AroundManager());
    worker =
        Worker.builder()
            .nodeId(initial::nodeId)
            .hostname(options.hostname())
            .engine(engines.all())
            .disk(new FileDisk(directory.worker()))
            .eventLoop(loop)
            .clock(clock)
            .random(random)
            .links(this::connect)
            .managers(state.managers().stream().map(LocalNode.Peer::addr).toList())
            .tlsInfo(this::tlsInfo)
            .listener(new Listener())
            .build();
    renewal =
        new RenewalSchedule(
            identity,
            this::renew,
            manager::store,
            this::renewed,
            loop,
            blocking,
            clock,
            random::nextDouble);
  }

  /** How a membership begins. */
  sealed interface Beginning {
    record Found(ClusterBootstrap founding) implements Beginning {}

    /** With a certificate that a manager has just given. */
    record Join() implements Beginning {}

    /** Where this node's program stopped. */
    record Resume(Optional<UnlockKey> unlock) implements Beginning {}

    record ForceNewCluster(Optional<UnlockKey> unlock) implements Beginning {}
  }

  /** Takes up a membership and returns once it works as far as this node alone decides. */
  static Membership start(
      DaemonOptions options,
      NodeDirectory directory,
      NodeIdentity identity,
      NodeDirectory.State state,
      Beginning beginning)
      throws IOException {
    Optional<UnlockKey> unlock =
        switch (beginning) {
          case Beginning.Resume resume -> resume.unlock();
          case Beginning.ForceNewCluster force -> force.unlock();
          case Beginning.Found _, Beginning.Join _ -> Optional.empty();
        };
    Membership membership =
        new Membership(
            options, directory, identity, state, unlock, beginning instanceof Beginning.Join);
    try {
      membership.startManager(beginning);
      await(membership.worker.start(), MANAGER_READY_WITHIN, "the agent did not start");
      membership.renewal.start();
      return membership;
    } catch (IOException | RuntimeException e) {
      membership.close();
      throw e;
    }
  }

  private void startManager(Beginning beginning) throws IOException {
    if (!manager.isWanted()) {
      // The program may have stopped between a demotion and what follows from it.
      directory.deleteManager();
      return;
    }
    if (beginning instanceof Beginning.Resume) {
      resumeManager();
      return;
    }
    Optional<ClusterBootstrap> founding =
        beginning instanceof Beginning.Found found
            ? Optional.of(found.founding())
            : Optional.empty();
    boolean alone = beginning instanceof Beginning.ForceNewCluster;
    await(
        manager.start(founding, alone).ready(), MANAGER_READY_WITHIN, "the manager did not start");
  }

  /**
   * What does not work at once may work later, and the agent need not wait for it. Nor need anybody
   * for the other managers: they may start later, or have made this one a worker in the meantime.
   */
  private void resumeManager() {
    try {
      Manager started = manager.start(Optional.empty(), false);
      if (state.managers().size() <= 1) {
        await(started.ready(), MANAGER_READY_WITHIN, "there is no leader yet");
      }
    } catch (IOException e) {
      LOG.warn("going on without this node's manager: {}", e.getMessage());
      manager.follow();
    }
  }

  /**
   * Waits a little for a manager that was just started: the others are about to tell it who leads.
   */
  void awaitStarting() {
    Optional<Manager> own = manager.get();
    if (own.isPresent() && !own.get().isReady()) {
      try {
        await(own.get().ready(), OTHERS_AWAITED, "there is no leader yet");
      } catch (IOException e) {
        LOG.debug("a call is not answered yet: {}", e.getMessage());
      }
    }
  }

  private void renewed(NodeIdentity next) {
    manager.follow();
    ByteString now = ByteString.copyFrom(next.issuerPublicKey());
    if (!now.equals(issuer)) {
      issuer = now;
      // A rotation of the root waits until every node has said so.
      worker.reconnect("its certificate is another root's");
    }
  }

  private void askForRole() {
    renewal.renewNow();
  }

  private final class AroundManager implements OwnManager.Surroundings {
    @Override
    public void changed() {
      worker.reconnect("this node's manager came or went");
    }

    @Override
    public void askForRole() {
      Membership.this.askForRole();
    }
  }

  private AgentLink connect(String address) {
    Optional<Manager> own = manager.get();
    if (own.isPresent() && own.get().leads()) {
      return own.get().link(new NodeId(nodeId()));
    }
    // A manager hears first when another leads, and then ends what it passes on.
    String best = own.filter(this::passesOn).isPresent() ? state.advertise() : othersThan(address);
    HostPort to = HostPort.manager(best);
    return new GrpcAgentLink(() -> channels.open(to, identity), () -> channels.open(to, identity));
  }

  /** One that is to be a worker is soon believed by no leader. */
  private boolean passesOn(Manager own) {
    dev.swarm.core.model.Node self = own.requests().snapshot().nodes().get(new NodeId(nodeId()));
    return own.otherLeader().isPresent()
        && (self == null || self.spec().getDesiredRole() == NodeRole.MANAGER);
  }

  /** Whoever this node's own manager could only send it to, where it would be asked itself. */
  private String othersThan(String address) {
    return address.equals(state.advertise())
        ? state.managers().stream()
            .map(LocalNode.Peer::addr)
            .filter(other -> !other.equals(address))
            .findFirst()
            .orElse(address)
        : address;
  }

  private NodeIdentity renew() throws JoinException, InterruptedException {
    Renewal attempt = new Renewal(channels, clock, random, Membership::sleep);
    @Nullable JoinException last = null;
    for (LocalNode.Peer peer : state.managers()) {
      try {
        return attempt.renew(HostPort.manager(peer.addr()), identity);
      } catch (JoinException e) {
        last = e;
      }
    }
    throw last == null
        ? new JoinException(JoinException.Kind.UNREACHABLE, "this node knows no manager")
        : last;
  }

  static void sleep(Duration duration) throws InterruptedException {
    Thread.sleep(duration);
  }

  private NodeTLSInfo tlsInfo() {
    NodeIdentity now = identity.current();
    return NodeTLSInfo.newBuilder()
        .setTrustRoot(ByteString.copyFrom(now.root().pem()))
        .setCertIssuerSubject(ByteString.copyFrom(now.issuerSubject()))
        .setCertIssuerPublicKey(ByteString.copyFrom(now.issuerPublicKey()))
        .build();
  }

  /** What the node's session tells; comes on the agent's event loop. */
  private final class Listener implements AgentListener {
    private Optional<NodeRole> told = Optional.empty();

    @Override
    public void registered(String sessionId) {
      registered.complete(null);
      if (manager.awaitsRole()) {
        renewal.renewNow();
      }
    }

    @Override
    public void managers(List<WeightedPeer> peers) {
      List<LocalNode.Peer> known =
          peers.stream()
              .map(p -> new LocalNode.Peer(p.getPeer().getNodeId(), p.getPeer().getAddr()))
              .toList();
      if (!known.equals(state.managers())) {
        state = state.withManagers(known);
        blocking.execute(() -> keep(state));
      }
    }

    @Override
    public void rootCertificates(ByteString pem) {
      byte[] bytes = pem.toByteArray();
      if (bytes.length == 0 || java.util.Arrays.equals(bytes, identity.current().root().pem())) {
        return;
      }
      try {
        NodeIdentity next = identity.current().withRoot(RootCertificate.parse(bytes));
        manager.store(next);
        identity.replace(next);
        worker.reconnect("the cluster has a new root certificate");
      } catch (CredentialException | IOException e) {
        LOG.error("the cluster's new root certificate is not taken: {}", e.getMessage());
      }
    }

    @Override
    public void node(Node node) {
      NodeRole role = node.getRole();
      if (role != identity.current().role() && !told.equals(Optional.of(role))) {
        LOG.info(
            "the managers gave this node the role {}: its certificate is renewed for it",
            role.name().toLowerCase(Locale.ROOT));
      }
      told = Optional.of(role);
      renewal.renewFor(role);
    }

    @Override
    public void renewCertificate() {
      renewal.renewNow();
    }
  }

  private synchronized void keep(NodeDirectory.State current) {
    try {
      directory.store(current);
    } catch (IOException e) {
      problem = "the list of managers cannot be stored: " + e.getMessage();
      LOG.error(problem);
    }
  }

  /**
   * Waits until this node can be seen to be what it has become, through its own socket: a manager
   * has taken its agent in, and where it is a manager itself it serves, and lists itself as ready.
   *
   * @return whether that happened in time; it goes on trying either way
   */
  boolean awaitSeen(Duration within) {
    CompletionStage<?> seen = registered;
    Optional<Manager> own = manager.get();
    if (own.isPresent()) {
      NodeId self = new NodeId(nodeId());
      seen =
          own.get()
              .ready()
              .thenCombine(own.get().when(now -> isSettled(now, self)), (ready, now) -> now)
              .thenCombine(registered, (now, done) -> now);
    }
    try {
      await(
          seen,
          within,
          "this node did not register with the managers in time; it goes on trying, and 'swarm"
              + " info' shows how far it is");
      return true;
    } catch (IOException e) {
      LOG.warn(e.getMessage());
      return false;
    }
  }

  private static boolean isSettled(Snapshot now, NodeId self) {
    dev.swarm.core.model.Node node = now.nodes().get(self);
    return node != null
        && node.status().state() == dev.swarm.core.model.Node.State.READY
        && node.description().hasPlatform();
  }

  /** Lays what was asked of a cluster over what it was before it was forced to go on alone. */
  void reform(NewCluster cluster) {
    manager.get().ifPresent(own -> Reform.of(own, cluster, nodeId()));
  }

  /** The manager's services as the leader offers them, if this node is a manager. */
  Optional<Channel> leader() {
    return manager.get().map(own -> ClientInterceptors.intercept(own.localChannel(), demotion));
  }

  /** A place for a container of this node, as {@link LocalMembership#takePlace} says. */
  Optional<LocalPlace> takePlace(String network, String container, String address) {
    return engines.attachments().isEmpty()
        ? Optional.empty()
        : atManager(
            manager ->
                new OwnPlaces(engines.attachments().get())
                    .take(manager, network, container, address));
  }

  void returnPlace(LocalPlace place) {
    if (engines.attachments().isPresent() && !place.id().isEmpty()) {
      var _ =
          atManager(
              manager -> {
                new OwnPlaces(engines.attachments().get()).giveBack(manager, place);
                return Optional.empty();
              });
    }
  }

  private <T> Optional<T> atManager(Function<Channel, Optional<T>> call) {
    if (state.managers().isEmpty()) {
      return Optional.empty();
    }
    String address = isManager() ? state.advertise() : state.managers().getFirst().addr();
    ManagedChannel channel = channels.open(HostPort.manager(address), identity);
    try {
      return call.apply(channel);
    } finally {
      channel.shutdownNow();
    }
  }

  /** What this manager's disk is sealed with now. */
  Optional<UnlockKey> sealedWith() {
    return manager.sealedWith();
  }

  /** The cluster's settings as this node's manager knows them, if it runs. */
  Optional<ClusterSpec> clusterSpec() {
    return manager
        .get()
        .flatMap(own -> own.requests().snapshot().cluster())
        .map(cluster -> cluster.object().getSpec());
  }

  NodeIdentity identity() {
    return identity.current();
  }

  NodeDirectory.State state() {
    return state;
  }

  /** Whether this node's certificate makes it a manager, in whatever state that may be. */
  boolean isManager() {
    return manager.isWanted();
  }

  LocalNode status() {
    String wrong = problem.isEmpty() ? manager.problem() : problem;
    return new LocalNode(
        state(wrong),
        identity.current().nodeId(),
        HostPort.manager(state.advertise()).host(),
        isManager(),
        manager.get().map(Manager::isReady).orElse(false) && wrong.isEmpty(),
        wrong,
        state.managers());
  }

  private LocalNode.State state(String wrong) {
    if (!wrong.isEmpty()) {
      return LocalNode.State.ERROR;
    }
    return joining && !registered.isDone() ? LocalNode.State.PENDING : LocalNode.State.ACTIVE;
  }

  String nodeId() {
    return identity.current().nodeId();
  }

  /**
   * Where other managers can go on without this one, has them do so: a manager that just vanished
   * would count against their majority for ever. What fails is left as it is.
   */
  void leaveLog() {
    manager.get().ifPresent(own -> SelfDemotion.hand(own, nodeId()));
  }

  /** Stops and removes every task of this node. */
  void removeTasks() throws IOException {
    await(worker.leave(), STOPPED_WITHIN, "the node's tasks did not stop in time");
  }

  private static void await(CompletionStage<?> stage, Duration within, String otherwise)
      throws IOException {
    try {
      stage.toCompletableFuture().get(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException(otherwise + " within " + within.toSeconds() + " s", e);
    } catch (ExecutionException | CompletionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(otherwise + ": " + cause.getMessage(), cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(otherwise + ": interrupted", e);
    }
  }

  @Override
  public void close() {
    renewal.close();
    worker.close();
    manager.close();
    engines.all().close();
    channels.close();
    loop.close();
    blocking.shutdownNow();
  }
}
