package dev.swarm.cli.daemon;

import com.google.protobuf.ByteString;
import dev.swarm.cli.daemon.engineapi.LocalNode;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.pki.CredentialException;
import dev.swarm.core.pki.IdentityHolder;
import dev.swarm.core.pki.NodeIdentity;
import dev.swarm.core.pki.RootCertificate;
import dev.swarm.core.port.AgentLink;
import dev.swarm.manager.Manager;
import dev.swarm.manager.ManagerOptions;
import dev.swarm.manager.ca.Founding;
import dev.swarm.worker.Worker;
import dev.swarm.worker.disk.FileDisk;
import dev.swarm.worker.engine.Engine;
import dev.swarm.worker.identity.DispatcherChannels;
import dev.swarm.worker.identity.JoinException;
import dev.swarm.worker.identity.ManagerAddress;
import dev.swarm.worker.identity.Renewal;
import dev.swarm.worker.identity.RenewalSchedule;
import dev.swarm.worker.loop.SystemClock;
import dev.swarm.worker.loop.ThreadEventLoop;
import dev.swarm.worker.session.AgentListener;
import dev.swarm.worker.session.GrpcAgentLink;
import docker.swarmkit.v1.NodeRole;
import docker.swarmkit.v1.NodeTLSInfo;
import docker.swarmkit.v1.WeightedPeer;
import io.grpc.Channel;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This node while it is in a swarm: its agent, and its manager if it is one. */
final class Membership implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
  private static final Duration MANAGER_READY_WITHIN = Duration.ofSeconds(30);
  private static final Duration STOPPED_WITHIN = Duration.ofSeconds(60);

  private final NodeDirectory directory;
  private final IdentityHolder identity;
  private final SystemClock clock = new SystemClock();
  private final SecureRandom random = new SecureRandom();
  private final ThreadEventLoop loop;
  private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
  private final DispatcherChannels channels;
  private final Engine engine;
  private final Worker worker;
  private final RenewalSchedule renewal;
  private final Optional<Manager> manager;
  private volatile NodeDirectory.State state;
  private volatile String problem = "";

  private Membership(
      DaemonOptions options,
      NodeDirectory directory,
      NodeIdentity initial,
      NodeDirectory.State state,
      Optional<Founding> founding,
      boolean forceNewCluster)
      throws IOException {
    this.directory = directory;
    this.state = state;
    identity = new IdentityHolder(initial, clock);
    loop = new ThreadEventLoop("swarm-agent", fault -> LOG.error("the agent made a mistake", fault));
    channels = new DispatcherChannels(blocking, clock);
    engine = NodeEngines.open(options, directory, initial.nodeId(), clock);
    manager =
        initial.role() == NodeRole.MANAGER
            ? Optional.of(startManager(founding, forceNewCluster))
            : Optional.empty();
    worker =
        Worker.builder()
            .nodeId(initial::nodeId)
            .hostname(options.hostname())
            .engine(engine)
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
            directory.identity()::store,
            renewed -> LOG.info("this node's certificate was renewed, until {}", renewed.notAfter()),
            loop,
            blocking,
            clock,
            random::nextDouble);
  }

  /** Takes up a membership and returns once it works as far as this node alone decides. */
  static Membership start(
      DaemonOptions options,
      NodeDirectory directory,
      NodeIdentity identity,
      NodeDirectory.State state,
      Optional<Founding> founding,
      boolean forceNewCluster)
      throws IOException {
    Membership membership =
        new Membership(options, directory, identity, state, founding, forceNewCluster);
    try {
      if (membership.manager.isPresent()) {
        await(membership.manager.get().ready(), MANAGER_READY_WITHIN, "the manager did not start");
      }
      await(membership.worker.start(), MANAGER_READY_WITHIN, "the agent did not start");
      membership.renewal.start();
      return membership;
    } catch (IOException | RuntimeException e) {
      membership.close();
      throw e;
    }
  }

  private Manager startManager(Optional<Founding> founding, boolean forceNewCluster)
      throws IOException {
    ManagerOptions options =
        ManagerOptions.onDisk(
            identity, directory.manager(), Addresses.listen(state.listen()), state.advertise());
    if (founding.isPresent()) {
      options = options.withFounding(founding.get());
    }
    if (forceNewCluster) {
      options = options.withForceNewCluster();
    }
    options =
        TestSwitches.certificateValidity()
            .map(options::withCertificateValidity)
            .orElse(options);
    Manager started = Manager.start(options);
    TestSwitches.rotateCertificates(started.requests(), loop);
    started
        .ended()
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                problem = "the manager stopped: " + failure.getMessage();
              }
            });
    return started;
  }

  private AgentLink connect(String address) {
    if (manager.isPresent() && address.equals(state.advertise())) {
      return manager.get().link(new NodeId(identity.current().nodeId()));
    }
    ManagerAddress to = parse(address);
    return new GrpcAgentLink(() -> channels.open(to, identity), () -> channels.open(to, identity));
  }

  private static ManagerAddress parse(String address) {
    try {
      return ManagerAddress.parse(address);
    } catch (JoinException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private NodeIdentity renew() throws JoinException, InterruptedException {
    Renewal attempt = new Renewal(channels, clock, random, Membership::sleep);
    @Nullable JoinException last = null;
    for (LocalNode.Peer peer : state.managers()) {
      try {
        return attempt.renew(parse(peer.addr()), identity);
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
        directory.identity().store(next);
        identity.replace(next);
        worker.reconnect("the cluster has a new root certificate");
      } catch (CredentialException | IOException e) {
        LOG.error("the cluster's new root certificate is not taken: {}", e.getMessage());
      }
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

  /** The manager's services as the leader offers them, if this node is a manager. */
  Optional<Channel> leader() {
    return manager.map(Manager::localChannel);
  }

  boolean isManager() {
    return manager.isPresent();
  }

  LocalNode status() {
    return new LocalNode(
        problem.isEmpty() ? LocalNode.State.ACTIVE : LocalNode.State.ERROR,
        identity.current().nodeId(),
        Addresses.host(state.advertise()),
        isManager(),
        manager.isPresent() && problem.isEmpty(),
        problem,
        state.managers());
  }

  String nodeId() {
    return identity.current().nodeId();
  }

  /** Stops and removes every task of this node. */
  void removeTasks() throws IOException {
    await(worker.leave(), STOPPED_WITHIN, "the node's tasks did not stop in time");
  }

  private static void await(CompletionStage<Void> stage, Duration within, String otherwise)
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
    manager.ifPresent(Manager::close);
    engine.close();
    channels.close();
    loop.close();
    blocking.shutdownNow();
  }
}
