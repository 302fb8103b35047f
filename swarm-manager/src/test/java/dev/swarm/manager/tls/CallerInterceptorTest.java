package dev.swarm.manager.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.swarm.core.control.node.CertificateStanding;
import dev.swarm.core.pki.CertificateAuthority;
import dev.swarm.core.pki.CertificateRequest;
import dev.swarm.core.pki.PeerCertificate;
import dev.swarm.core.pki.PeerIdentity;
import dev.swarm.core.pki.PrivateKeys;
import dev.swarm.core.pki.Validity;
import docker.swarmkit.v1.CAGrpc;
import docker.swarmkit.v1.ControlGrpc;
import docker.swarmkit.v1.DispatcherGrpc;
import docker.swarmkit.v1.LogBrokerGrpc;
import docker.swarmkit.v1.LogsGrpc;
import docker.swarmkit.v1.NodeCAGrpc;
import docker.swarmkit.v1.NodeRole;
import docker.swarmkit.v1.ResourceAllocatorGrpc;
import docker.swarmkit.v1.WatchGrpc;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.lang.reflect.Proxy;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.Test;

/** Every method, called over connections with each kind of certificate. */
class CallerInterceptorTest {
  private static final String CLUSTER = "ours";
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final CertificateAuthority CA = CertificateAuthority.create(Instant.EPOCH, RANDOM);
  private static final Map<String, NodeRole> RECORDS =
      Map.of("w", NodeRole.WORKER, "m", NodeRole.MANAGER, "demoted", NodeRole.WORKER);

  private static final SSLSession STRANGER = session(List.of());
  private static final SSLSession WORKER = session(CLUSTER, NodeRole.WORKER, "w");
  private static final SSLSession MANAGER = session(CLUSTER, NodeRole.MANAGER, "m");
  private static final SSLSession DEMOTED = session(CLUSTER, NodeRole.MANAGER, "demoted");
  private static final SSLSession REMOVED = session(CLUSTER, NodeRole.WORKER, "removed");
  private static final SSLSession FOREIGN = session("theirs", NodeRole.MANAGER, "m");

  private final Authority authority =
      new Authority(CLUSTER, CallerInterceptorTest::standing, Map.of());
  private final CallerInterceptor outer = new CallerInterceptor(authority);
  private final OpenCalls inner = new OpenCalls(authority, Runnable::run);

  private static CertificateStanding standing(PeerCertificate certificate) {
    NodeRole recorded = RECORDS.get(certificate.holder().nodeId());
    if (recorded == null) {
      return CertificateStanding.UNKNOWN;
    }
    if (certificate.holder().role() != NodeRole.MANAGER) {
      return CertificateStanding.WORKER;
    }
    return recorded == NodeRole.MANAGER ? CertificateStanding.MANAGER : CertificateStanding.AHEAD;
  }

  private static SSLSession session(String cluster, NodeRole role, String node) {
    var request = CertificateRequest.create(PrivateKeys.generate(RANDOM), RANDOM);
    var subject = new PeerIdentity(cluster, role, node);
    byte[] pem = CA.issue(request, subject, Validity.DEFAULT, Instant.EPOCH, RANDOM);
    try {
      var chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem));
      return session(List.copyOf(chain));
    } catch (CertificateException e) {
      throw new AssertionError(e);
    }
  }

  private static SSLSession session(List<? extends Certificate> chain) {
    Map<Object, Object> values = new HashMap<>();
    return (SSLSession)
        Proxy.newProxyInstance(
            CallerInterceptorTest.class.getClassLoader(),
            new Class<?>[] {SSLSession.class},
            (proxy, method, args) ->
                switch (method.getName()) {
                  case "getValue" -> values.get(args[0]);
                  case "putValue" -> values.put(args[0], args[1]);
                  case "getPeerCertificates" -> {
                    if (chain.isEmpty()) {
                      throw new SSLPeerUnverifiedException("peer not authenticated");
                    }
                    yield chain.toArray(new java.security.cert.X509Certificate[0]);
                  }
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  /** A call that notes how it was ended. */
  private static final class Call extends ServerCall<Object, Object> {
    private final MethodDescriptor<Object, Object> method;
    private final Attributes attributes;
    Status closed = Status.OK;

    @SuppressWarnings("unchecked")
    Call(MethodDescriptor<?, ?> method, SSLSession session) {
      this.method = (MethodDescriptor<Object, Object>) method;
      attributes = Attributes.newBuilder().set(Grpc.TRANSPORT_ATTR_SSL_SESSION, session).build();
    }

    @Override
    public void request(int count) {}

    @Override
    public void sendHeaders(Metadata headers) {}

    @Override
    public void sendMessage(Object message) {}

    @Override
    public void close(Status status, Metadata trailers) {
      closed = status;
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public Attributes getAttributes() {
      return attributes;
    }

    @Override
    public MethodDescriptor<Object, Object> getMethodDescriptor() {
      return method;
    }
  }

  /** Whom the method sees; empty if it was not reached. */
  private Optional<Caller> reached(
      MethodDescriptor<?, ?> method, SSLSession session, String... forwardedFor) {
    Metadata headers = new Metadata();
    for (String header : forwardedFor) {
      headers.put(ForwardedCaller.HEADER, header);
    }
    Call call = new Call(method, session);
    AtomicReference<Caller> seen = new AtomicReference<>();
    var _ =
        outer.interceptCall(
            call,
            headers,
            (served, with) ->
                inner.interceptCall(
                    served,
                    with,
                    (same, also) -> {
                      seen.set(Caller.current());
                      return new ServerCall.Listener<>() {};
                    }));
    Optional<Caller> caller = Optional.ofNullable(seen.get()).map(CallerInterceptorTest::plain);
    assertEquals(caller.isPresent(), call.closed.isOk(), method.getFullMethodName());
    return caller;
  }

  @Test
  void aStreamThatItsServiceFailsToBeginIsForgotten() {
    assertThrows(
        IllegalStateException.class,
        () ->
            outer.interceptCall(
                new Call(DispatcherGrpc.getSessionMethod(), WORKER),
                new Metadata(),
                (served, with) ->
                    inner.interceptCall(
                        served,
                        with,
                        (same, also) -> {
                          throw new IllegalStateException("fails");
                        })));
    assertEquals(0, inner.of("w"));
    var listener =
        outer.interceptCall(
            new Call(DispatcherGrpc.getSessionMethod(), WORKER),
            new Metadata(),
            (served, with) ->
                inner.interceptCall(served, with, (same, also) -> new ServerCall.Listener<>() {}));
    assertEquals(1, inner.of("w"));
    listener.onCancel();
    assertEquals(0, inner.of("w"));
  }

  /** Serials are drawn: whom the certificate names is enough here. */
  private static Caller plain(Caller caller) {
    return switch (caller) {
      case Caller.Anonymous.INSTANCE -> caller;
      case Caller.Node node ->
          new Caller.Node(new PeerCertificate(node.identity(), "1f"), node.role());
    };
  }

  private static List<MethodDescriptor<?, ?>> methods(ServiceDescriptor... services) {
    List<MethodDescriptor<?, ?>> methods = new ArrayList<>();
    for (ServiceDescriptor service : services) {
      methods.addAll(service.getMethods());
    }
    return methods;
  }

  private static final List<MethodDescriptor<?, ?>> OPEN = open();

  private static List<MethodDescriptor<?, ?>> open() {
    List<MethodDescriptor<?, ?>> open = methods(NodeCAGrpc.getServiceDescriptor());
    open.add(CAGrpc.getGetRootCACertificateMethod());
    return open;
  }

  private static final List<MethodDescriptor<?, ?>> FOR_NODES =
      methods(
          DispatcherGrpc.getServiceDescriptor(),
          LogBrokerGrpc.getServiceDescriptor(),
          ResourceAllocatorGrpc.getServiceDescriptor());

  private static final List<MethodDescriptor<?, ?>> FOR_MANAGERS = forManagers();

  private static List<MethodDescriptor<?, ?>> forManagers() {
    List<MethodDescriptor<?, ?>> methods =
        methods(
            ControlGrpc.getServiceDescriptor(),
            LogsGrpc.getServiceDescriptor(),
            WatchGrpc.getServiceDescriptor());
    methods.add(CAGrpc.getGetUnlockKeyMethod());
    return methods;
  }

  private void assertReaches(
      SSLSession session,
      Optional<Caller> open,
      Optional<Caller> nodes,
      Optional<Caller> managers) {
    OPEN.forEach(method -> assertEquals(open, reached(method, session)));
    FOR_NODES.forEach(method -> assertEquals(nodes, reached(method, session)));
    FOR_MANAGERS.forEach(method -> assertEquals(managers, reached(method, session)));
  }

  private static Optional<Caller> as(NodeRole written, NodeRole acting, String node) {
    return Optional.of(
        new Caller.Node(
            new PeerCertificate(new PeerIdentity(CLUSTER, written, node), "1f"), acting));
  }

  @Test
  void everyMethodIsReachedByThoseItIsFor() {
    Optional<Caller> anonymous = Optional.of(Caller.Anonymous.INSTANCE);
    for (SSLSession nobody : List.of(STRANGER, REMOVED, FOREIGN)) {
      assertReaches(nobody, anonymous, Optional.empty(), Optional.empty());
    }
    Optional<Caller> worker = as(NodeRole.WORKER, NodeRole.WORKER, "w");
    assertReaches(WORKER, worker, worker, Optional.empty());
    Optional<Caller> demoted = as(NodeRole.MANAGER, NodeRole.WORKER, "demoted");
    assertReaches(DEMOTED, demoted, demoted, Optional.empty());
    Optional<Caller> manager = as(NodeRole.MANAGER, NodeRole.MANAGER, "m");
    assertReaches(MANAGER, manager, manager, manager);
  }

  @Test
  void nobodyButAManagerSpeaksForOthers() {
    var heartbeat = DispatcherGrpc.getHeartbeatMethod();
    String forWorker = "swarm-worker/" + CLUSTER + "/w";
    assertEquals(as(NodeRole.WORKER, NodeRole.WORKER, "w"), reached(heartbeat, MANAGER, forWorker));
    for (SSLSession liar : List.of(STRANGER, WORKER, DEMOTED, REMOVED, FOREIGN)) {
      assertEquals(Optional.empty(), reached(heartbeat, liar, forWorker));
      var root = CAGrpc.getGetRootCACertificateMethod();
      assertEquals(Optional.empty(), reached(root, liar, forWorker));
    }
    var list = ControlGrpc.getListNodesMethod();
    assertEquals(Optional.empty(), reached(list, MANAGER, forWorker));
    assertEquals(Optional.empty(), reached(list, MANAGER, "anonymous"));
    assertEquals(Optional.empty(), reached(list, MANAGER, "garbage"));
  }

  /** The certificate is read once a connection, the record once a call. */
  @Test
  void theSecondCallOfAConnectionIsJudgedLikeTheFirst() {
    var beat = DispatcherGrpc.getHeartbeatMethod();
    SSLSession session = session(CLUSTER, NodeRole.WORKER, "w");
    assertEquals(reached(beat, session), reached(beat, session));
    assertEquals(Optional.empty(), reached(ControlGrpc.getListNodesMethod(), session));
  }
}
