package dev.swarm.cli.node.daemon;

import dev.swarm.cli.node.engineapi.EngineApiServer.Listen;
import dev.swarm.cli.node.engineapi.routes.InitRequest;
import dev.swarm.cli.node.engineapi.routes.JoinRequest;
import dev.swarm.cli.node.identity.IdentityFiles;
import docker.swarmkit.v1.Cluster;
import docker.swarmkit.v1.ClusterSpec;
import docker.swarmkit.v1.ControlGrpc;
import docker.swarmkit.v1.ControlGrpc.ControlBlockingStub;
import docker.swarmkit.v1.GetNodeRequest;
import docker.swarmkit.v1.ListClustersRequest;
import docker.swarmkit.v1.ListNodesRequest;
import docker.swarmkit.v1.Node;
import docker.swarmkit.v1.NodeRole;
import docker.swarmkit.v1.NodeSpec;
import docker.swarmkit.v1.UpdateClusterRequest;
import docker.swarmkit.v1.UpdateNodeRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/** Real nodes of real swarms, without engines, on ports of the loopback interface. */
final class NodesInOneProcess implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Duration LOOK_EVERY = Duration.ofMillis(20);
  private static final int CALL_SECONDS_MAX = 20;

  /** Of no swarm, and well formed. */
  static final String TOKEN = "SWMTKN-1-" + "0".repeat(50) + "-" + "0".repeat(25);

  private final Path disk;
  private final List<One> open = new ArrayList<>();

  NodesInOneProcess(Path disk) {
    this.disk = disk;
  }

  /** A node with its disk and its address, in no swarm yet. */
  One node(String name) throws IOException {
    return node(name, freeAddress());
  }

  One node(String name, String address) throws IOException {
    DaemonOptions options =
        new DaemonOptions(
            disk.resolve(name),
            new Listen(List.of(), List.of()),
            Optional.empty(),
            Optional.empty(),
            address,
            "",
            name);
    One one = new One(options, new SwarmNode(options));
    open.add(one);
    return one;
  }

  /** The first manager of a swarm of its own. */
  One founded(String name) throws IOException {
    One one = node(name);
    var _ = one.init();
    return one;
  }

  One joined(String name, One manager, NodeRole role) throws IOException {
    One one = node(name);
    one.join(manager, role);
    return one;
  }

  static String freeAddress() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return "127.0.0.1:" + socket.getLocalPort();
    }
  }

  /** One daemon's node, which can be ended and started again on the same disk. */
  static final class One implements AutoCloseable {
    final DaemonOptions options;
    private SwarmNode node;

    private One(DaemonOptions options, SwarmNode node) {
      this.options = options;
      this.node = node;
    }

    SwarmNode node() {
      return node;
    }

    String address() {
      return options.listenAddr();
    }

    String id() {
      return node.status().nodeId();
    }

    String init() {
      return node.init(initRequest(false));
    }

    InitRequest initRequest(boolean forceNewCluster) {
      return new InitRequest(
          "",
          address(),
          "",
          0,
          forceNewCluster,
          UnaryOperator.identity(),
          false,
          NodeSpec.Availability.ACTIVE,
          List.of(),
          0);
    }

    void join(One manager, NodeRole role) {
      node.join(joinRequest(manager.address(), manager.token(role)));
    }

    JoinRequest joinRequest(String manager, String token) {
      return new JoinRequest(
          "", address(), "", List.of(manager), token, NodeSpec.Availability.ACTIVE);
    }

    /** Begins to, and goes on trying in the background. */
    void attemptsToJoinNobody() throws IOException {
      beginsToJoin("127.0.0.1:1", TOKEN);
    }

    /** As after a restart in the middle of it. */
    void beginsToJoin(String manager, String token) throws IOException {
      NodeDirectory directory = new NodeDirectory(options.dataDir(), new SecureRandom());
      directory.create();
      directory.storeJoin(joinRequest(manager, token));
      node.restore();
    }

    /** As {@code swarm update --autolock} does it, and the key on its disk is sealed. */
    void locks() {
      Cluster now = cluster();
      ClusterSpec.Builder spec = now.getSpec().toBuilder();
      spec.getEncryptionConfigBuilder().setAutoLockManagers(true);
      var _ =
          control()
              .updateCluster(
                  UpdateClusterRequest.newBuilder()
                      .setClusterId(now.getId())
                      .setClusterVersion(now.getMeta().getVersion())
                      .setSpec(spec)
                      .build());
      IdentityFiles files = new NodeDirectory(options.dataDir(), new SecureRandom()).identity();
      await("its key is sealed", files::isLocked);
    }

    Cluster cluster() {
      return control().listClusters(ListClustersRequest.getDefaultInstance()).getClusters(0);
    }

    String token(NodeRole role) {
      var tokens = cluster().getRootCa().getJoinTokens();
      return role == NodeRole.MANAGER ? tokens.getManager() : tokens.getWorker();
    }

    ControlBlockingStub control() {
      return ControlGrpc.newBlockingStub(node.leader())
          .withDeadlineAfter(CALL_SECONDS_MAX, TimeUnit.SECONDS);
    }

    List<Node> nodes() {
      return control().listNodes(ListNodesRequest.getDefaultInstance()).getNodesList();
    }

    Node node(One of) {
      return control().getNode(GetNodeRequest.newBuilder().setNodeId(of.id()).build()).getNode();
    }

    /** As {@code node promote} and {@code node demote} do it, again while nobody leads. */
    void wishes(One of, NodeRole role) {
      await("the wish is taken", () -> wish(of, role));
    }

    private boolean wish(One of, NodeRole role) {
      Node now = node(of);
      if (now.getSpec().getDesiredRole() == role) {
        return true;
      }
      var _ =
          control()
              .updateNode(
                  UpdateNodeRequest.newBuilder()
                      .setNodeId(now.getId())
                      .setNodeVersion(now.getMeta().getVersion())
                      .setSpec(now.getSpec().toBuilder().setDesiredRole(role))
                      .build());
      return true;
    }

    /** Changes a node that is still as it was listed. */
    void labels(Node listed) {
      NodeSpec.Builder spec = listed.getSpec().toBuilder();
      spec.getAnnotationsBuilder().putLabels("seen", "yes");
      var _ =
          control()
              .updateNode(
                  UpdateNodeRequest.newBuilder()
                      .setNodeId(listed.getId())
                      .setNodeVersion(listed.getMeta().getVersion())
                      .setSpec(spec)
                      .build());
    }

    /** Whether the leader takes {@code of} for a manager that answers. */
    boolean hasManager(One of) {
      Node now = node(of);
      return now.hasManagerStatus()
          && now.getManagerStatus().getReachability()
              == docker.swarmkit.v1.RaftMemberStatus.Reachability.REACHABLE;
    }

    /** As when the program ends and is started again. */
    void restart() throws IOException {
      node.close();
      node = new SwarmNode(options);
      node.restore();
    }

    @Override
    public void close() {
      node.close();
    }
  }

  /** Waits for what other threads do; ends in success or with the last reason. */
  static void await(String what, Callable<Boolean> condition) {
    long start = System.nanoTime();
    Optional<Throwable> last = Optional.empty();
    while (System.nanoTime() - start < LIMIT.toNanos()) {
      try {
        if (condition.call()) {
          return;
        }
      } catch (Exception | AssertionError e) {
        last = Optional.of(e);
      }
      LockSupport.parkNanos(LOOK_EVERY.toNanos());
    }
    throw new AssertionError("waited in vain until " + what, last.orElse(null));
  }

  @Override
  public void close() {
    open.forEach(One::close);
  }
}
