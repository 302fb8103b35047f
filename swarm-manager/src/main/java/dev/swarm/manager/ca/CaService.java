package dev.swarm.manager.ca;

import dev.swarm.core.plan.Rejection.RejectedException;
import dev.swarm.manager.api.Replies;
import docker.swarmkit.v1.CAGrpc;
import docker.swarmkit.v1.GetRootCACertificateRequest;
import docker.swarmkit.v1.GetRootCACertificateResponse;
import docker.swarmkit.v1.GetUnlockKeyRequest;
import docker.swarmkit.v1.GetUnlockKeyResponse;
import io.grpc.stub.StreamObserver;

/** The CA service: shows the root certificate to anyone, and the unlock key to managers. */
public final class CaService extends CAGrpc.CAImplBase {
  private final CertificateIssuer issuer;

  public CaService(CertificateIssuer issuer) {
    this.issuer = issuer;
  }

  @Override
  public void getRootCACertificate(
      GetRootCACertificateRequest request, StreamObserver<GetRootCACertificateResponse> out) {
    try {
      out.onNext(
          GetRootCACertificateResponse.newBuilder()
              .setCertificate(issuer.rootCertificate())
              .build());
      out.onCompleted();
    } catch (RejectedException e) {
      out.onError(Replies.status(e).asRuntimeException());
    }
  }

  @Override
  public void getUnlockKey(GetUnlockKeyRequest request, StreamObserver<GetUnlockKeyResponse> out) {
    try {
      out.onNext(issuer.unlockKey());
      out.onCompleted();
    } catch (RejectedException e) {
      out.onError(Replies.status(e).asRuntimeException());
    }
  }
}
