package dev.swarm.manager;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Stands before every service that only the leader can give. The others are those by which managers
 * come to have a leader, and by which one sees whether they have.
 */
final class LeaderGate implements ServerInterceptor {
  private static final Set<String> OPEN = Set.of("dev.swarm.v1.Raft", "docker.swarmkit.v1.Health");

  private final BooleanSupplier leads;

  LeaderGate(BooleanSupplier leads) {
    this.leads = leads;
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    String service = String.valueOf(call.getMethodDescriptor().getServiceName());
    if (leads.getAsBoolean() || OPEN.contains(service)) {
      return next.startCall(call, headers);
    }
    call.close(
        Status.UNAVAILABLE.withDescription("this manager does not lead the cluster now; try again shortly"),
        new Metadata());
    return new ServerCall.Listener<>() {};
  }
}
