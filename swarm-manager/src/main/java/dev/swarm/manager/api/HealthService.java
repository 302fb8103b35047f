package dev.swarm.manager.api;

import docker.swarmkit.v1.HealthCheckRequest;
import docker.swarmkit.v1.HealthCheckResponse;
import docker.swarmkit.v1.HealthCheckResponse.ServingStatus;
import docker.swarmkit.v1.HealthGrpc;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Answers gRPC health checks for the services behind this manager's port. The empty name stands for
 * the manager as a whole, which serves as long as it answers.
 */
public final class HealthService extends HealthGrpc.HealthImplBase {
  private final Map<String, ServingStatus> services = new ConcurrentHashMap<>();

  /** Records whether {@code service} (such as {@code Raft}) serves. Safe for many threads. */
  public void setServing(String service, boolean serving) {
    services.put(service, serving ? ServingStatus.SERVING : ServingStatus.NOT_SERVING);
  }

  @Override
  public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> observer) {
    ServingStatus status =
        request.getService().isEmpty() ? ServingStatus.SERVING : services.get(request.getService());
    if (status == null) {
      observer.onError(Status.NOT_FOUND.withDescription("unknown service").asRuntimeException());
      return;
    }
    observer.onNext(HealthCheckResponse.newBuilder().setStatus(status).build());
    observer.onCompleted();
  }
}
