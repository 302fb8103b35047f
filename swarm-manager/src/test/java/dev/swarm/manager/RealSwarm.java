package dev.swarm.manager;

import com.google.protobuf.ByteString;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.net.HostPort;
import dev.swarm.core.pki.CertificateRequest;
import dev.swarm.core.pki.CredentialException;
import dev.swarm.core.pki.IdentityHolder;
import dev.swarm.core.pki.NodeIdentity;
import dev.swarm.core.pki.PrivateKeys;
import dev.swarm.core.plan.Verdict;
import dev.swarm.core.store.Change;
import dev.swarm.core.store.Snapshot;
import dev.swarm.host.SystemClock;
import dev.swarm.manager.ca.ClusterBootstrap;
import dev.swarm.manager.raft.storage.UnlockKey;
import dev.swarm.manager.tls.ManagerChannels;
import docker.swarmkit.v1.ClusterSpec;
import docker.swarmkit.v1.IssueNodeCertificateRequest;
import docker.swarmkit.v1.JoinTokens;
import docker.swarmkit.v1.NodeCAGrpc;
import docker.swarmkit.v1.NodeCertificateStatusRequest;
import docker.swarmkit.v1.NodeRole;
import docker.swarmkit.v1.NodeSpec;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Real managers on loopback, with mutual TLS between them and their logs on disk. */
final class RealSwarm implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 60;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Path directory;
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Map<String, Machine> machines = new LinkedHashMap<>();
  private final List<ManagedChannel> channels = new ArrayList<>();

  RealSwarm(Path directory) {
    this.directory = directory;
  }

  /** A machine that is a node of the swarm, and a manager while it runs one. */
  static final class Machine {
    final IdentityHolder identity;
    final Path home;
    final int port;
    Optional<Manager> manager = Optional.empty();

    /**
     * What its disk was sealed with, one after the other; the last one is what it is sealed with.
     */
    final List<Optional<UnlockKey>> seals = new CopyOnWriteArrayList<>(List.of(Optional.empty()));

    private Machine(IdentityHolder identity, Path home, int port) {
      this.identity = identity;
      this.home = home;
      this.port = port;
    }

    NodeId id() {
      return new NodeId(identity.current().nodeId());
    }

    Manager running() {
      return manager.orElseThrow();
    }

    private String address() {
      return "127.0.0.1:" + port;
    }
  }

  static <T> T done(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
  }

  /** Waits for what nobody announces. */
  static void until(BooleanSupplier condition) {
    Object monitor = new Object();
    for (int tries = 0; tries < PATIENCE_SECONDS * 20; tries++) {
      if (condition.getAsBoolean()) {
        return;
      }
      synchronized (monitor) {
        try {
          monitor.wait(50);
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }
    }
    throw new AssertionError("it did not come about");
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Machine machine(String name, NodeIdentity identity) {
    Machine machine =
        new Machine(
            new IdentityHolder(identity, new SystemClock()), directory.resolve(name), freePort());
    machines.put(name, machine);
    return machine;
  }

  Machine found(String name) throws IOException {
    ClusterBootstrap founding =
        ClusterBootstrap.create(
            ClusterBootstrap.defaultSpec(),
            NodeSpec.Availability.ACTIVE,
            new RandomIds(RANDOM),
            RANDOM,
            new SystemClock().now());
    Machine machine = machine(name, founding.identity());
    run(machine, options -> options.withFounding(founding));
    return machine;
  }

  /** Starts the machine's manager, from its disk where there is a log. */
  void start(Machine machine) throws IOException {
    run(machine, options -> options);
  }

  private void run(Machine machine, UnaryOperator<ManagerOptions> more) throws IOException {
    ManagerOptions options =
        ManagerOptions.onDisk(
                machine.identity,
                machine.home,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), machine.port),
                HostPort.exact(machine.address()))
            .withLock(machine.seals.getLast(), machine.seals::add)
            .withManagers(
                () ->
                    machines.values().stream()
                        .filter(other -> other != machine && other.manager.isPresent())
                        .map(Machine::address)
                        .toList());
    Manager manager = Manager.start(more.apply(options));
    machine.manager = Optional.of(manager);
    done(manager.ready());
  }

  /** Ends the machine's manager; what is on its disk stays. */
  void stop(Machine machine) {
    Manager manager = machine.running();
    machine.manager = Optional.empty();
    manager.close();
  }

  Manager leader() {
    List<Manager> leading = new ArrayList<>();
    until(
        () -> {
          machines.values().stream()
              .flatMap(machine -> machine.manager.stream())
              .filter(Manager::leads)
              .forEach(leading::add);
          return !leading.isEmpty();
        });
    return leading.getFirst();
  }

  /** The machine whose manager leads. */
  Machine leading() {
    Manager leader = leader();
    return machines.values().stream()
        .filter(machine -> machine.manager.filter(leader::equals).isPresent())
        .findFirst()
        .orElseThrow();
  }

  Snapshot state() {
    return leader().requests().snapshot();
  }

  Node node(Machine machine) {
    return state().nodes().find(machine.id()).orElseThrow();
  }

  void commit(Change... changes) {
    done(
        leader()
            .requests()
            .submit((draft, context) -> Verdict.accept(List.of(changes), snapshot -> true)));
  }

  void updateSpec(Consumer<ClusterSpec.Builder> edit) {
    var cluster = state().cluster().orElseThrow();
    ClusterSpec.Builder spec = cluster.object().getSpec().toBuilder();
    edit.accept(spec);
    commit(
        new Change.PutCluster(
            cluster.withObject(cluster.object().toBuilder().setSpec(spec).build())));
  }

  void awaitState(Predicate<Snapshot> condition) {
    done(leader().when(condition));
  }

  /** A machine that came with the worker's token. */
  Machine join(String name) throws CredentialException {
    JoinTokens tokens = state().cluster().orElseThrow().object().getRootCa().getJoinTokens();
    KeyPair keys = PrivateKeys.generate(RANDOM);
    NodeIdentity anyone =
        certificate(
            leader().localChannel(),
            leader(),
            keys,
            IssueNodeCertificateRequest.newBuilder().setToken(tokens.getWorker()));
    return machine(name, anyone);
  }

  private static NodeIdentity certificate(
      Channel channel, Manager manager, KeyPair keys, IssueNodeCertificateRequest.Builder request)
      throws CredentialException {
    var authority = NodeCAGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
    String id =
        authority
            .issueNodeCertificate(
                request
                    .setCsr(ByteString.copyFrom(CertificateRequest.create(keys, RANDOM).pem()))
                    .build())
            .getNodeId();
    var status =
        authority.nodeCertificateStatus(
            NodeCertificateStatusRequest.newBuilder().setNodeId(id).build());
    return NodeIdentity.of(
        dev.swarm.core.pki.RootCertificate.parse(
            manager
                .requests()
                .snapshot()
                .cluster()
                .orElseThrow()
                .object()
                .getRootCa()
                .getCaCert()
                .toByteArray()),
        status.getCertificate().getCertificate().toByteArray(),
        keys.getPrivate());
  }

  /** Gives the machine the certificate that it is entitled to now, over the wire. */
  void renew(Machine machine) throws CredentialException {
    Machine at =
        machines.values().stream()
            .filter(other -> other.manager.isPresent())
            .findFirst()
            .orElseThrow();
    machine.identity.replace(
        certificate(
            channel(machine.identity, at),
            at.running(),
            PrivateKeys.generate(RANDOM),
            IssueNodeCertificateRequest.newBuilder()));
  }

  /** A connection to the port of {@code to}, as whoever has {@code identity}. */
  ManagedChannel channel(IdentityHolder identity, Machine to) {
    ManagedChannel channel =
        new ManagerChannels(identity, loops, Runnable::run)
            .open(new HostPort("127.0.0.1", to.port));
    channels.add(channel);
    return channel;
  }

  /** Makes a worker a manager that runs, as its program would. */
  void promote(Machine machine) throws CredentialException, IOException {
    wish(machine, NodeRole.MANAGER);
    renew(machine);
    start(machine);
  }

  /** Makes a manager a worker, as its program would. */
  void demote(Machine machine) throws CredentialException, IOException {
    wish(machine, NodeRole.WORKER);
    stop(machine);
    delete(machine.home);
    renew(machine);
  }

  /** Says what the machine is to be, and waits until it is. */
  void wish(Machine machine, NodeRole role) {
    Node node = node(machine);
    commit(new Change.PutNode(node.withSpec(node.spec().toBuilder().setDesiredRole(role).build())));
    awaitState(state -> state.nodes().find(machine.id()).orElseThrow().role() == role);
  }

  private static void delete(Path home) throws IOException {
    try (Stream<Path> all = Files.walk(home)) {
      for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    machines.values().stream().filter(m -> m.manager.isPresent()).forEach(this::stop);
    var _ = loops.shutdownGracefully(0, Duration.ofSeconds(1).toMillis(), TimeUnit.MILLISECONDS);
  }
}
