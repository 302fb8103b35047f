package dev.swarm.cli.identity;

import com.google.protobuf.ByteString;
import dev.swarm.core.control.node.CertificateStanding;
import dev.swarm.core.pki.CertificateAuthority;
import dev.swarm.core.pki.CertificateRequest;
import dev.swarm.core.pki.CredentialException;
import dev.swarm.core.pki.IdentityHolder;
import dev.swarm.core.pki.JoinToken;
import dev.swarm.core.pki.NodeIdentity;
import dev.swarm.core.pki.PeerCertificate;
import dev.swarm.core.pki.PeerIdentity;
import dev.swarm.core.pki.PrivateKeys;
import dev.swarm.core.pki.RootCertificate;
import dev.swarm.core.pki.Validity;
import dev.swarm.manager.RandomIds;
import dev.swarm.manager.tls.Authority;
import dev.swarm.manager.tls.Caller;
import dev.swarm.manager.tls.ManagerPort;
import dev.swarm.manager.tls.OpenCalls;
import docker.swarmkit.v1.CAGrpc;
import docker.swarmkit.v1.Certificate;
import docker.swarmkit.v1.DispatcherGrpc;
import docker.swarmkit.v1.GetRootCACertificateRequest;
import docker.swarmkit.v1.GetRootCACertificateResponse;
import docker.swarmkit.v1.HealthCheckRequest;
import docker.swarmkit.v1.HealthCheckResponse;
import docker.swarmkit.v1.HealthGrpc;
import docker.swarmkit.v1.HeartbeatRequest;
import docker.swarmkit.v1.HeartbeatResponse;
import docker.swarmkit.v1.IssuanceStatus;
import docker.swarmkit.v1.IssueNodeCertificateRequest;
import docker.swarmkit.v1.IssueNodeCertificateResponse;
import docker.swarmkit.v1.NodeCAGrpc;
import docker.swarmkit.v1.NodeCertificateStatusRequest;
import docker.swarmkit.v1.NodeCertificateStatusResponse;
import docker.swarmkit.v1.NodeRole;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** One manager with the services of identity and nothing else, on a port of its own. */
final class Town implements AutoCloseable {
  static final String CLUSTER = "cluster0000000000000000aa";

  final MovableClock clock;
  final SecureRandom random = new SecureRandom();
  final Map<String, NodeRole> roles = new ConcurrentHashMap<>();
  final Map<String, Certificate> certificates = new ConcurrentHashMap<>();
  final IdentityHolder manager;
  volatile CertificateAuthority authority;
  volatile RootCertificate served;
  volatile JoinToken workerToken;
  volatile Caller lastCaller = Caller.Anonymous.INSTANCE;
  volatile UnaryOperator<NodeCertificateStatusResponse> reply = UnaryOperator.identity();

  private final Server server;

  Town(MovableClock clock) throws IOException, CredentialException {
    this.clock = clock;
    authority = CertificateAuthority.create(clock.now(), random);
    served = authority.root();
    workerToken = JoinToken.generate(served, random);
    manager = new IdentityHolder(node(NodeRole.MANAGER), clock);
    server = start(ManagerPort.sslContext(manager));
  }

  /** A second server of the same town, with TLS of the test's choosing. */
  Server start(SslContext sslContext) throws IOException {
    Authority rights = new Authority(CLUSTER, this::standing, Map.of());
    OpenCalls calls = new OpenCalls(rights, Runnable::run);
    return ManagerPort.builder(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), manager, rights)
        .addService(ServerInterceptors.intercept(new Ca(), calls))
        .addService(ServerInterceptors.intercept(new NodeCa(), calls))
        .addService(ServerInterceptors.intercept(new Health(), calls))
        .addService(ServerInterceptors.intercept(new Dispatcher(), calls))
        .sslContext(sslContext)
        .build()
        .start();
  }

  private CertificateStanding standing(PeerCertificate certificate) {
    NodeRole recorded = roles.get(certificate.holder().nodeId());
    if (recorded == null) {
      return CertificateStanding.UNKNOWN;
    }
    if (certificate.holder().role() != NodeRole.MANAGER) {
      return CertificateStanding.WORKER;
    }
    return recorded == NodeRole.MANAGER ? CertificateStanding.MANAGER : CertificateStanding.DEMOTED;
  }

  int port() {
    return server.getPort();
  }

  /** An identity as this town's authority gives it out now, known to the cluster. */
  NodeIdentity node(NodeRole role) throws CredentialException {
    KeyPair keys = PrivateKeys.generate(random);
    String id = new RandomIds(random).next();
    roles.put(id, role);
    byte[] chain =
        authority.issue(
            CertificateRequest.create(keys, random),
            new PeerIdentity(CLUSTER, role, id),
            Validity.DEFAULT,
            clock.now(),
            random);
    return NodeIdentity.of(served, chain, keys.getPrivate());
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private final class Ca extends CAGrpc.CAImplBase {
    @Override
    public void getRootCACertificate(
        GetRootCACertificateRequest request, StreamObserver<GetRootCACertificateResponse> out) {
      out.onNext(
          GetRootCACertificateResponse.newBuilder()
              .setCertificate(ByteString.copyFrom(served.pem()))
              .build());
      out.onCompleted();
    }
  }

  private final class NodeCa extends NodeCAGrpc.NodeCAImplBase {
    @Override
    public void issueNodeCertificate(
        IssueNodeCertificateRequest request, StreamObserver<IssueNodeCertificateResponse> out) {
      lastCaller = Caller.current();
      try {
        CertificateRequest csr = CertificateRequest.parse(request.getCsr().toByteArray());
        Optional<String> id = admit(request.getToken());
        if (id.isEmpty()) {
          throw new CredentialException("A valid join token is necessary to join this cluster");
        }
        NodeRole role = roles.computeIfAbsent(id.get(), _ -> NodeRole.WORKER);
        byte[] chain =
            authority.issue(
                csr,
                new PeerIdentity(CLUSTER, role, id.get()),
                Validity.DEFAULT,
                clock.now(),
                random);
        certificates.put(
            id.get(),
            Certificate.newBuilder()
                .setCsr(request.getCsr())
                .setCertificate(ByteString.copyFrom(chain))
                .build());
        out.onNext(IssueNodeCertificateResponse.newBuilder().setNodeId(id.get()).build());
        out.onCompleted();
      } catch (CredentialException e) {
        out.onError(Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asRuntimeException());
      }
    }

    private Optional<String> admit(String token) {
      return switch (Caller.current()) {
        case Caller.Node node -> Optional.of(node.nodeId().value());
        case Caller.Anonymous.INSTANCE ->
            workerToken.matches(token)
                ? Optional.of(new RandomIds(random).next())
                : Optional.empty();
      };
    }

    @Override
    public void nodeCertificateStatus(
        NodeCertificateStatusRequest request, StreamObserver<NodeCertificateStatusResponse> out) {
      Certificate certificate = certificates.get(request.getNodeId());
      if (certificate == null) {
        out.onError(Status.NOT_FOUND.withDescription("no such node").asRuntimeException());
        return;
      }
      out.onNext(
          reply.apply(
              NodeCertificateStatusResponse.newBuilder()
                  .setStatus(IssuanceStatus.newBuilder().setState(IssuanceStatus.State.ISSUED))
                  .setCertificate(certificate)
                  .build()));
      out.onCompleted();
    }
  }

  private final class Health extends HealthGrpc.HealthImplBase {
    @Override
    public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> out) {
      lastCaller = Caller.current();
      out.onNext(HealthCheckResponse.getDefaultInstance());
      out.onCompleted();
    }
  }

  private final class Dispatcher extends DispatcherGrpc.DispatcherImplBase {
    @Override
    public void heartbeat(HeartbeatRequest request, StreamObserver<HeartbeatResponse> out) {
      lastCaller = Caller.current();
      out.onNext(HeartbeatResponse.getDefaultInstance());
      out.onCompleted();
    }
  }
}
