package dev.swarm.cli.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.cli.node.identity.DispatcherChannels;
import dev.swarm.cli.node.identity.JoinClient;
import dev.swarm.cli.node.identity.JoinException;
import dev.swarm.cli.node.identity.Renewal;
import dev.swarm.core.net.HostPort;
import dev.swarm.core.pki.CertificateAuthority;
import dev.swarm.core.pki.IdentityHolder;
import dev.swarm.core.pki.JoinToken;
import dev.swarm.core.pki.NodeIdentity;
import dev.swarm.core.pki.PeerIdentity;
import dev.swarm.core.pki.RootCertificate;
import dev.swarm.core.pki.TlsContexts;
import dev.swarm.manager.tls.Caller;
import dev.swarm.manager.tls.ForwardedCaller;
import dev.swarm.manager.tls.ManagerChannels;
import docker.swarmkit.v1.DispatcherGrpc;
import docker.swarmkit.v1.HealthCheckRequest;
import docker.swarmkit.v1.HealthGrpc;
import docker.swarmkit.v1.HeartbeatRequest;
import docker.swarmkit.v1.NodeRole;
import docker.swarmkit.v1.NodeSpec;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Joining, renewing, calling and being refused, over real connections. */
class IdentityRoundTripTest {
  private final MovableClock clock = new MovableClock();
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final DispatcherChannels channels = new DispatcherChannels(executor, clock);
  private final Town town = newTown();

  private Town newTown() {
    try {
      return new Town(clock);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void stop() {
    town.close();
    channels.close();
    executor.shutdownNow();
  }

  private static HostPort at(int port) {
    return new HostPort(InetAddress.getLoopbackAddress().getHostAddress(), port);
  }

  private NodeIdentity join(JoinToken token) throws Exception {
    return new JoinClient(channels, clock, town.random, _ -> {})
        .join(at(town.port()), Optional.of(token), NodeSpec.Availability.ACTIVE);
  }

  private JoinException failedJoin(int port, JoinToken token) {
    return assertThrows(
        JoinException.class,
        () ->
            new JoinClient(channels, clock, town.random, _ -> {})
                .join(at(port), Optional.of(token), NodeSpec.Availability.ACTIVE));
  }

  private <T> T on(ManagedChannel channel, Function<Channel, T> call) {
    try {
      return call.apply(channel);
    } finally {
      channel.shutdownNow();
    }
  }

  private static Object beat(Channel channel) {
    return DispatcherGrpc.newBlockingStub(channel)
        .withDeadlineAfter(10, TimeUnit.SECONDS)
        .heartbeat(HeartbeatRequest.getDefaultInstance());
  }

  private static Object health(Channel channel) {
    return HealthGrpc.newBlockingStub(channel)
        .withDeadlineAfter(10, TimeUnit.SECONDS)
        .check(HealthCheckRequest.getDefaultInstance());
  }

  private void beatAs(NodeIdentity identity) {
    on(
        channels.open(at(town.port()), new IdentityHolder(identity, clock)),
        IdentityRoundTripTest::beat);
  }

  private Status.Code refusedBeat(NodeIdentity identity) {
    return assertThrows(StatusRuntimeException.class, () -> beatAs(identity)).getStatus().getCode();
  }

  @Test
  void aMachineJoinsAndCalls() throws Exception {
    NodeIdentity worker = join(town.workerToken);
    assertEquals(NodeRole.WORKER, worker.role());
    assertEquals(Town.CLUSTER, worker.clusterId());
    assertEquals(town.served, worker.root());
    beatAs(worker);
    Caller.Node caller = assertInstanceOf(Caller.Node.class, town.lastCaller);
    assertEquals(worker.nodeId(), caller.nodeId().value());
  }

  @Test
  void eachWayToFailHasItsOwnKind() throws Exception {
    JoinToken otherSecret = JoinToken.generate(town.served, town.random);
    JoinException wrongSecret = failedJoin(town.port(), otherSecret);
    assertEquals(JoinException.Kind.TOKEN, wrongSecret.kind());
    assertEquals("A valid join token is necessary to join this cluster", wrongSecret.getMessage());

    RootCertificate otherRoot = CertificateAuthority.create(clock.now(), town.random).root();
    JoinToken otherCluster = new JoinToken(otherRoot.digest(), town.workerToken.secret());
    JoinException wrongCluster = failedJoin(town.port(), otherCluster);
    assertEquals(JoinException.Kind.FINGERPRINT, wrongCluster.kind());
    assertTrue(wrongCluster.getMessage().startsWith("remote CA does not match fingerprint"));

    int nobody;
    try (ServerSocket socket = new ServerSocket(0)) {
      nobody = socket.getLocalPort();
    }
    assertEquals(JoinException.Kind.UNREACHABLE, failedJoin(nobody, town.workerToken).kind());

    town.reply = reply -> reply.toBuilder().clearCertificate().build();
    assertEquals(JoinException.Kind.TIMEOUT, failedJoinWithHurry(town.workerToken).kind());
  }

  /** Each pause between polls takes five seconds of the client's steady clock. */
  private JoinException failedJoinWithHurry(JoinToken token) {
    return assertThrows(
        JoinException.class,
        () ->
            new JoinClient(channels, clock, town.random, _ -> clock.skip(Duration.ofSeconds(5)))
                .join(at(town.port()), Optional.of(token), NodeSpec.Availability.ACTIVE));
  }

  @Test
  void aCertificateForSomeoneElseIsNotTaken() throws Exception {
    NodeIdentity other = town.node(NodeRole.WORKER);
    town.reply =
        reply -> {
          var changed = reply.toBuilder();
          changed
              .getCertificateBuilder()
              .setCertificate(com.google.protobuf.ByteString.copyFrom(other.chainPem()));
          return changed.build();
        };
    assertEquals(JoinException.Kind.REFUSED, failedJoin(town.port(), town.workerToken).kind());
  }

  @Test
  void aCertificateIsRenewedWithANewKeyAndTheRecordedRole() throws Exception {
    IdentityHolder holder = new IdentityHolder(join(town.workerToken), clock);
    NodeIdentity before = holder.current();
    town.roles.put(before.nodeId(), NodeRole.MANAGER);
    ManagedChannel standing = channels.open(at(town.port()), holder);
    beat(standing);
    NodeIdentity after =
        new Renewal(channels, clock, town.random, _ -> {}).renew(at(town.port()), holder);
    assertEquals(before.nodeId(), after.nodeId());
    assertEquals(NodeRole.MANAGER, after.role());
    assertNotEquals(before.key(), after.key());
    holder.replace(after);
    // The connection made before still counts for what it was made with.
    assertThrows(StatusRuntimeException.class, () -> health(standing));
    standing.enterIdle();
    standing.shutdownNow();
    on(channels.open(at(town.port()), holder), IdentityRoundTripTest::health);
    Caller.Node caller = assertInstanceOf(Caller.Node.class, town.lastCaller);
    assertEquals(NodeRole.MANAGER, caller.role());
  }

  @Test
  void rightsFollowRoleRecordAndCluster() throws Exception {
    NodeIdentity worker = town.node(NodeRole.WORKER);
    NodeIdentity demoted = town.node(NodeRole.MANAGER);
    NodeIdentity removed = town.node(NodeRole.WORKER);
    town.roles.put(demoted.nodeId(), NodeRole.WORKER);
    town.roles.remove(removed.nodeId());
    beatAs(demoted);
    assertEquals(Status.Code.PERMISSION_DENIED, refusedBeat(removed));
    for (NodeIdentity identity : new NodeIdentity[] {worker, demoted}) {
      IdentityHolder holder = new IdentityHolder(identity, clock);
      var denied =
          assertThrows(
              StatusRuntimeException.class,
              () -> on(channels.open(at(town.port()), holder), IdentityRoundTripTest::health));
      assertEquals(Status.Code.PERMISSION_DENIED, denied.getStatus().getCode());
    }
    on(channels.open(at(town.port()), town.manager), IdentityRoundTripTest::health);
  }

  @Test
  void strangersAndExpiredNodesDoNotConnect() throws Exception {
    try (Town elsewhere = new Town(clock)) {
      NodeIdentity stranger = elsewhere.node(NodeRole.WORKER);
      assertEquals(Status.Code.UNAVAILABLE, refusedBeat(stranger));
      // Its certificate is fine for its own town, and believed by a manager that shows ours.
      NodeIdentity believing = stranger.withRoot(stranger.root().and(town.served));
      assertEquals(Status.Code.UNAVAILABLE, refusedBeat(believing));
    }
    NodeIdentity old = town.node(NodeRole.WORKER);
    clock.now = clock.now.plus(Duration.ofDays(100));
    town.manager.replace(town.node(NodeRole.MANAGER));
    assertEquals(Status.Code.UNAVAILABLE, refusedBeat(old));
    beatAs(town.node(NodeRole.WORKER));
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void neitherSideInsistsOnAlpn(String version) throws Exception {
    NodeIdentity worker = town.node(NodeRole.WORKER);
    IdentityHolder holder = new IdentityHolder(worker, clock);
    ManagedChannel stockAgent =
        NettyChannelBuilder.forAddress("127.0.0.1", town.port())
            .overrideAuthority("swarm-manager")
            .sslContext(
                new NoAlpnSslContext(
                    () -> holder.clientContext(PeerIdentity.MANAGER_NAME), true, version))
            .build();
    on(stockAgent, IdentityRoundTripTest::beat);

    Server stockManager =
        town.start(new NoAlpnSslContext(town.manager::serverContext, false, version));
    try {
      on(channels.open(at(stockManager.getPort()), holder), IdentityRoundTripTest::beat);
    } finally {
      stockManager.shutdownNow();
    }
  }

  @Test
  void h2IsNegotiatedWhereOffered() throws Exception {
    SSLContext context = TlsContexts.anonymous(town.served, PeerIdentity.CA_NAME, clock);
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", town.port())) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2"});
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      assertEquals("h2", socket.getApplicationProtocol());
      assertEquals("TLSv1.3", socket.getSession().getProtocol());
    }
  }

  @Test
  void aRotationNeverCutsANodeOff() throws Exception {
    NodeIdentity old = town.node(NodeRole.WORKER);
    CertificateAuthority first = town.authority;
    CertificateAuthority second = CertificateAuthority.create(clock.now(), town.random);
    RootCertificate both = first.root().and(second.root());
    town.authority =
        second.withIntermediate(first.crossSign(second.root(), clock.now(), town.random));

    // The manager serves by the new key, bridged, and believes both; nodes trust the old root.
    town.manager.replace(town.node(NodeRole.MANAGER).withRoot(both));
    beatAs(old);
    NodeIdentity moved = renewed(old);
    assertEquals(2, moved.chain().size());
    beatAs(moved);

    // Done: everyone trusts the new root alone, and no cross certificate is sent any more.
    town.authority = second;
    town.served = second.root();
    town.manager.replace(town.node(NodeRole.MANAGER));
    NodeIdentity settled = moved.withRoot(second.root());
    beatAs(settled);
    beatAs(renewed(settled));
    assertEquals(Status.Code.UNAVAILABLE, refusedBeat(old.withRoot(both)));
  }

  private NodeIdentity renewed(NodeIdentity identity) throws Exception {
    return new Renewal(channels, clock, town.random, _ -> {})
        .renew(at(town.port()), new IdentityHolder(identity, clock));
  }

  @Test
  void onlyManagersPassCallsOn() throws Exception {
    NodeIdentity worker = town.node(NodeRole.WORKER);
    Caller asked = new Caller.Node(worker.certificate(), NodeRole.WORKER);
    Context forwarding = Context.current().withValue(Caller.KEY, asked);
    var loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    try {
      var manager = new ManagerChannels(town.manager, loops, executor);
      forwarding.call(
          () ->
              on(manager.open(new HostPort("127.0.0.1", town.port())), c -> beat(forwardingOn(c))));
      assertEquals(asked, town.lastCaller);
      assertThrows(
          StatusRuntimeException.class,
          () ->
              forwarding.call(
                  () ->
                      on(
                          manager.open(new HostPort("127.0.0.1", town.port())),
                          c -> health(forwardingOn(c)))));
      var workers = new ManagerChannels(new IdentityHolder(worker, clock), loops, executor);
      assertThrows(
          StatusRuntimeException.class,
          () ->
              forwarding.call(
                  () ->
                      on(
                          workers.open(new HostPort("127.0.0.1", town.port())),
                          c -> beat(forwardingOn(c)))));
    } finally {
      var _ = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
  }

  private static Channel forwardingOn(Channel channel) {
    return ClientInterceptors.intercept(channel, new ForwardedCaller());
  }
}
