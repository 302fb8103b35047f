package dev.swarm.manager.ca;

import dev.swarm.core.model.NodeId;
import dev.swarm.core.plan.Rejection.RejectedException;
import dev.swarm.manager.api.Replies;
import dev.swarm.manager.tls.Caller;
import docker.swarmkit.v1.IssueNodeCertificateRequest;
import docker.swarmkit.v1.IssueNodeCertificateResponse;
import docker.swarmkit.v1.NodeCAGrpc;
import docker.swarmkit.v1.NodeCertificateStatusRequest;
import docker.swarmkit.v1.NodeCertificateStatusResponse;
import io.grpc.stub.StreamObserver;

/** Joining and renewing on the wire. */
public final class NodeCaService extends NodeCAGrpc.NodeCAImplBase {
  private final CertificateIssuer issuer;

  public NodeCaService(CertificateIssuer issuer) {
    this.issuer = issuer;
  }

  @Override
  public void issueNodeCertificate(
      IssueNodeCertificateRequest request, StreamObserver<IssueNodeCertificateResponse> out) {
    NodeId caller =
        Caller.current() instanceof Caller.Node node ? new NodeId(node.nodeId()) : NodeId.NONE;
    Replies.answer(issuer.issue(caller, request), out);
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
