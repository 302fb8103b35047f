package dev.swarm.manager.ca;

import dev.swarm.core.model.NodeId;
import dev.swarm.core.pki.ManagerProgram;
import dev.swarm.core.plan.Rejection.RejectedException;
import dev.swarm.manager.api.Replies;
import dev.swarm.manager.tls.Caller;
import dev.swarm.manager.tls.CallerAddress;
import docker.swarmkit.v1.IssueNodeCertificateRequest;
import docker.swarmkit.v1.IssueNodeCertificateResponse;
import docker.swarmkit.v1.NodeCAGrpc;
import docker.swarmkit.v1.NodeCertificateStatusRequest;
import docker.swarmkit.v1.NodeCertificateStatusResponse;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.stub.StreamObserver;

/** The NodeCA service: nodes order their first certificate, and renew it. */
public final class NodeCaService extends NodeCAGrpc.NodeCAImplBase {
  private static final Metadata.Key<String> HEADER =
      Metadata.Key.of(ManagerProgram.HEADER, Metadata.ASCII_STRING_MARSHALLER);
  private static final Context.Key<Boolean> PROGRAM =
      Context.keyWithDefault("swarm-manager-program", false);

  private final CertificateIssuer issuer;
  private final TokenGuesses guesses;

  public NodeCaService(CertificateIssuer issuer, TokenGuesses guesses) {
    this.issuer = issuer;
    this.guesses = guesses;
  }

  /** Notes what a caller's program says of itself; install it around this service. */
  public static ServerInterceptor program() {
    return new ServerInterceptor() {
      @Override
      public <Q, R> ServerCall.Listener<Q> interceptCall(
          ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        boolean keepsLog = ManagerProgram.LOG_VERSION.equals(headers.get(HEADER));
        return Contexts.interceptCall(
            Context.current().withValue(PROGRAM, keepsLog), call, headers, next);
      }
    };
  }

  @Override
  public void issueNodeCertificate(
      IssueNodeCertificateRequest request, StreamObserver<IssueNodeCertificateResponse> out) {
    NodeId caller = Caller.currentNode();
    boolean joins = caller.isNone() || !request.getToken().isEmpty();
    if (joins && !issuer.takes(request.getToken())) {
      out.onError(guesses.wrong(CallerAddress.current()).asRuntimeException());
      return;
    }
    Replies.answer(issuer.issue(caller, PROGRAM.get(), request), out);
  }

  @Override
  public void nodeCertificateStatus(
      NodeCertificateStatusRequest request, StreamObserver<NodeCertificateStatusResponse> out) {
    try {
      out.onNext(issuer.status(new NodeId(request.getNodeId())));
      out.onCompleted();
    } catch (RejectedException e) {
      out.onError(Replies.status(e).asRuntimeException());
    }
  }
}
