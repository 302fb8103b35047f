package dev.swarm.manager;

import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.swarm.core.model.Cluster;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.pki.CertificateAuthority;
import dev.swarm.core.pki.CertificateRequest;
import dev.swarm.core.pki.CredentialException;
import dev.swarm.core.pki.IdentityHolder;
import dev.swarm.core.pki.NodeIdentity;
import dev.swarm.core.pki.PeerIdentity;
import dev.swarm.core.pki.PrivateKeys;
import dev.swarm.core.pki.RootCertificate;
import dev.swarm.core.pki.Validity;
import dev.swarm.core.store.Change;
import dev.swarm.host.SystemClock;
import dev.swarm.manager.RealSwarm.Machine;
import docker.swarmkit.v1.BlacklistedCertificate;
import docker.swarmkit.v1.NodeRole;
import docker.swarmkit.v1.RootCA;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The table of rights on the managers' port: every method that the server has against every kind of
 * caller, over real connections. A method without a row here fails.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GrpcRightsTest {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Cut off within its first field: whoever reads it has let the call in, and does nothing. */
  private static final byte[] HALF_A_MESSAGE = {0x0a, 0x7f};

  private static final Set<String> FOR_ANYONE =
      rows(
          """
          CA/GetRootCACertificate
          NodeCA/IssueNodeCertificate NodeCA/NodeCertificateStatus
          """);

  private static final Set<String> FOR_NODES =
      rows(
          """
          Dispatcher/Session Dispatcher/Heartbeat Dispatcher/UpdateTaskStatus Dispatcher/Tasks
          Dispatcher/Assignments Dispatcher/UpdateVolumeStatus
          LogBroker/ListenSubscriptions LogBroker/PublishLogs
          ResourceAllocator/AttachNetwork ResourceAllocator/DetachNetwork
          """);

  /** By these a manager comes up to date; no state that may be behind judges them. */
  private static final Set<String> FOR_THE_LOG =
      rows(
          """
          Health/Check
          Raft/RequestVote Raft/StartLeaderElection Raft/Heartbeat Raft/AppendEntries
          Raft/InstallSnapshot Raft/ReadSnapshot
          """);

  private static final Set<String> FOR_MANAGERS =
      rows(
          """
          CA/GetUnlockKey
          Managers/Prepare Managers/Enter
          Logs/SubscribeLogs
          Watch/Watch
          Control/GetNode Control/ListNodes Control/UpdateNode Control/RemoveNode
          Control/GetTask Control/ListTasks Control/RemoveTask
          Control/GetService Control/ListServices Control/CreateService Control/UpdateService
          Control/RemoveService Control/ListServiceStatuses
          Control/GetNetwork Control/ListNetworks Control/CreateNetwork Control/RemoveNetwork
          Control/GetCluster Control/ListClusters Control/UpdateCluster
          Control/GetSecret Control/UpdateSecret Control/ListSecrets Control/CreateSecret
          Control/RemoveSecret
          Control/GetConfig Control/UpdateConfig Control/ListConfigs Control/CreateConfig
          Control/RemoveConfig
          Control/GetExtension Control/CreateExtension Control/RemoveExtension
          Control/GetResource Control/UpdateResource Control/ListResources Control/CreateResource
          Control/RemoveResource
          Control/CreateVolume Control/UpdateVolume Control/GetVolume Control/ListVolumes
          Control/RemoveVolume
          """);

  private static Set<String> rows(String text) {
    return new TreeSet<>(List.of(text.strip().split("\\s+")));
  }

  private RealSwarm swarm;
  private Machine leader;
  private Machine follower;
  private CertificateAuthority authority;
  private String clusterId = "";
  private List<MethodDescriptor<?, ?>> methods = List.of();

  /** Who may what, by the rows above. */
  private final Map<String, Caller> callers = new LinkedHashMap<>();

  /**
   * @param open what it is let in for; nothing where TLS already refuses it
   */
  private record Caller(Set<String> open, Dial dial) {}

  private interface Dial {
    Channel to(Machine machine) throws IOException;
  }

  @SafeVarargs
  @SuppressWarnings("varargs") // it is only read
  private static Set<String> all(Set<String>... parts) {
    return Stream.of(parts).flatMap(Set::stream).collect(toCollection(TreeSet::new));
  }

  @BeforeAll
  void everyKindOfCaller(@TempDir Path directory) throws Exception {
    swarm = new RealSwarm(directory);
    Machine first = swarm.found("m1");
    Machine second = swarm.join("m2");
    Machine demoted = swarm.join("demoted");
    Machine removed = swarm.join("removed");
    Machine worker = swarm.join("worker");
    Machine other = swarm.join("other");
    swarm.promote(second);
    Cluster cluster = swarm.state().cluster().orElseThrow();
    clusterId = cluster.id();
    RootCA root = cluster.object().getRootCa();
    authority =
        CertificateAuthority.load(root.getCaCert().toByteArray(), root.getCaKey().toByteArray());

    swarm.wish(demoted, NodeRole.MANAGER);
    swarm.renew(demoted);
    swarm.wish(demoted, NodeRole.WORKER);
    swarm.commit(
        new Change.PutCluster(
            cluster.withObject(
                cluster.object().toBuilder()
                    .putBlacklistedCertificates(
                        removed.id().value(), BlacklistedCertificate.getDefaultInstance())
                    .build())),
        new Change.RemoveNode(removed.id()));
    leader = swarm.leading();
    follower = leader == first ? second : first;
    methods = leader.running().portMethods();
    RealSwarm.done(follower.running().when(state -> state.nodes().find(removed.id()).isEmpty()));

    Set<String> nothing = Set.of();
    Set<String> ofNodes = all(FOR_ANYONE, FOR_NODES);
    Set<String> ofManagers = all(ofNodes, FOR_THE_LOG, FOR_MANAGERS);
    callers.put("nobody", new Caller(FOR_ANYONE, this::withoutCertificate));
    callers.put("a worker", by(ofNodes, worker.identity.current()));
    callers.put("another worker", by(ofNodes, other.identity.current()));
    callers.put("a manager", by(ofManagers, second.identity.current()));
    callers.put("a demoted manager", by(ofNodes, demoted.identity.current()));
    callers.put("a removed node", by(FOR_ANYONE, removed.identity.current()));
    callers.put("an expired manager", by(nothing, expired(second.id())));
    callers.put(
        "a manager without a record",
        by(all(FOR_ANYONE, FOR_THE_LOG), ours(clusterId, NodeRole.MANAGER, "unheard-of")));
    callers.put(
        "a worker without a record",
        by(FOR_ANYONE, ours(clusterId, NodeRole.WORKER, "unheard-of")));
    callers.put(
        "a worker's id with a manager's certificate unheard of",
        by(all(ofNodes, FOR_THE_LOG), ours(clusterId, NodeRole.MANAGER, worker.id().value())));
    callers.put(
        "a manager of another cluster under the same root",
        by(FOR_ANYONE, ours("another", NodeRole.MANAGER, second.id().value())));
    callers.put("a manager of another cluster", by(nothing, foreign("another", second.id())));
    callers.put(
        "a root of one's own with the right names", by(nothing, foreign(clusterId, second.id())));
    callers.put(
        "a worker that speaks for a manager", speaking(worker.identity.current(), second.id()));
    callers.put(
        "a demoted manager that speaks for a manager",
        speaking(demoted.identity.current(), second.id()));
  }

  @AfterAll
  void close() {
    swarm.close();
  }

  private Caller by(Set<String> open, NodeIdentity identity) {
    IdentityHolder holder = new IdentityHolder(identity, new SystemClock());
    return new Caller(open, machine -> swarm.channel(holder, machine));
  }

  /** With the header by which managers pass calls on. */
  private Caller speaking(NodeIdentity identity, NodeId victim) {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("swarm-forwarded-for", Metadata.ASCII_STRING_MARSHALLER),
        "swarm-manager/" + clusterId + "/" + victim);
    Caller self = by(Set.of(), identity);
    return new Caller(
        Set.of(),
        machine ->
            io.grpc.ClientInterceptors.intercept(
                self.dial.to(machine), MetadataUtils.newAttachHeadersInterceptor(headers)));
  }

  private ManagedChannel withoutCertificate(Machine machine) throws IOException {
    return Grpc.newChannelBuilderForAddress(
            "127.0.0.1",
            machine.port,
            TlsChannelCredentials.newBuilder()
                .trustManager(new ByteArrayInputStream(authority.root().pem()))
                .build())
        .overrideAuthority(PeerIdentity.MANAGER_NAME)
        .build();
  }

  private static NodeIdentity identity(
      CertificateAuthority signer,
      RootCertificate believed,
      PeerIdentity subject,
      Validity validity,
      Instant at)
      throws CredentialException {
    KeyPair keys = PrivateKeys.generate(RANDOM);
    byte[] chain =
        signer.issue(CertificateRequest.create(keys, RANDOM), subject, validity, at, RANDOM);
    return NodeIdentity.of(signer.root(), chain, keys.getPrivate()).withRoot(believed);
  }

  private NodeIdentity ours(String cluster, NodeRole role, String node) throws CredentialException {
    return identity(
        authority,
        authority.root(),
        new PeerIdentity(cluster, role, node),
        Validity.DEFAULT,
        Instant.now());
  }

  private NodeIdentity expired(NodeId manager) throws CredentialException {
    return identity(
        authority,
        authority.root(),
        new PeerIdentity(clusterId, NodeRole.MANAGER, manager.value()),
        Validity.of(Duration.ofHours(1)),
        Instant.now().minus(Duration.ofHours(2)));
  }

  /** Signed by a root named as ours is, but not ours; it believes our managers. */
  private NodeIdentity foreign(String cluster, NodeId manager) throws CredentialException {
    CertificateAuthority theirs = CertificateAuthority.create(Instant.now(), RANDOM);
    return identity(
        theirs,
        theirs.root().and(authority.root()),
        new PeerIdentity(cluster, NodeRole.MANAGER, manager.value()),
        Validity.DEFAULT,
        Instant.now());
  }

  private static String name(MethodDescriptor<?, ?> method) {
    String full = method.getFullMethodName();
    return full.substring(full.lastIndexOf('.') + 1);
  }

  @Test
  void everyMethodHasARow() {
    List<String> rows = new ArrayList<>();
    Stream.of(FOR_ANYONE, FOR_NODES, FOR_THE_LOG, FOR_MANAGERS).forEach(rows::addAll);
    assertEquals(rows.size(), new TreeSet<>(rows).size(), "none has two");
    assertEquals(
        new TreeSet<>(rows),
        methods.stream().map(GrpcRightsTest::name).collect(toCollection(TreeSet::new)));
  }

  @Test
  void onlyWhatTheTableAllowsGetsIn() throws IOException {
    Map<String, Set<String>> expected = new TreeMap<>();
    Map<String, Set<String>> letIn = new TreeMap<>();
    for (Map.Entry<String, Caller> caller : callers.entrySet()) {
      Channel channel = caller.getValue().dial.to(leader);
      expected.put(caller.getKey(), caller.getValue().open);
      letIn.put(
          caller.getKey(),
          methods.stream()
              .filter(method -> isLetIn(call(channel, method, HALF_A_MESSAGE)))
              .map(GrpcRightsTest::name)
              .collect(toCollection(TreeSet::new)));
      close(channel);
    }
    assertEquals(expected, letIn);
  }

  /** A follower passes on, and the leader judges the one who asked. */
  @Test
  void aDetourOverAnotherManagerGetsNobodyFurther() throws IOException {
    Map<String, Set<String>> wrongly = new TreeMap<>();
    for (Map.Entry<String, Caller> caller : callers.entrySet()) {
      Channel channel = caller.getValue().dial.to(follower);
      Set<String> open = caller.getValue().open;
      wrongly.put(
          caller.getKey(),
          methods.stream()
              .filter(
                  method -> method.getType() == MethodType.UNARY || !open.contains(name(method)))
              .filter(
                  method ->
                      isLetIn(call(channel, method, onItsWay(method)))
                          != open.contains(name(method)))
              .map(GrpcRightsTest::name)
              .collect(Collectors.toCollection(TreeSet::new)));
      close(channel);
    }
    wrongly.values().removeIf(Set::isEmpty);
    assertEquals(Map.of(), wrongly);
  }

  /** Whole where it is passed on, so that it comes to where it is judged. */
  private static byte[] onItsWay(MethodDescriptor<?, ?> method) {
    return FOR_THE_LOG.contains(name(method)) ? HALF_A_MESSAGE : new byte[0];
  }

  private static void close(Channel channel) {
    if (channel instanceof ManagedChannel managed) {
      managed.shutdownNow();
    }
  }

  /** TLS says no by closing the connection. */
  private static boolean isLetIn(Status status) {
    return switch (status.getCode()) {
      case PERMISSION_DENIED, UNAVAILABLE -> false;
      case DEADLINE_EXCEEDED -> throw new AssertionError("no answer: " + status);
      default -> true;
    };
  }

  private static Status call(Channel channel, MethodDescriptor<?, ?> method, byte[] message) {
    MethodDescriptor<byte[], byte[]> raw =
        method.toBuilder(new Bytes(), new Bytes()).setType(MethodType.UNARY).build();
    try {
      byte[] _ =
          ClientCalls.blockingUnaryCall(
              channel, raw, CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS), message);
      return Status.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus();
    }
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
