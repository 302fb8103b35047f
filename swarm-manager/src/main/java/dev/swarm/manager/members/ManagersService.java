package dev.swarm.manager.members;

import com.google.protobuf.ByteString;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.net.HostPort;
import dev.swarm.core.plan.Rejection;
import dev.swarm.core.plan.Rejection.RejectedException;
import dev.swarm.core.plan.Requests;
import dev.swarm.core.port.Reason;
import dev.swarm.core.port.ReplicatedLog;
import dev.swarm.core.port.ReplicatedLog.Peer;
import dev.swarm.manager.api.Replies;
import dev.swarm.manager.tls.Caller;
import dev.swarm.v1.EnterManagerRequest;
import dev.swarm.v1.EnterManagerResponse;
import dev.swarm.v1.ManagersGrpc;
import dev.swarm.v1.PrepareManagerRequest;
import dev.swarm.v1.PrepareManagerResponse;
import docker.swarmkit.v1.HealthCheckRequest;
import docker.swarmkit.v1.HealthGrpc;
import docker.swarmkit.v1.NodeRole;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Adds managers to the log when they ask. */
public final class ManagersService extends ManagersGrpc.ManagersImplBase {
  private static final Logger LOG = LoggerFactory.getLogger(ManagersService.class);
  private static final int DIAL_SECONDS_MAX = 5;

  private final Requests requests;
  private final ReplicatedLog log;
  private final RemovalProof leftOut;
  private final Supplier<ByteString> keys;
  private final Function<Peer, ManagedChannel> dial;
  private final Executor blocking;
  private final Function<Peer, CompletionStage<Void>> enter;

  /**
   * @param keys what entries are sealed with
   * @param enter makes a manager a voter; see {@link RoleKeeper#enter}
   */
  public ManagersService(
      Requests requests,
      ReplicatedLog log,
      Supplier<ByteString> keys,
      Function<Peer, ManagedChannel> dial,
      Executor blocking,
      Function<Peer, CompletionStage<Void>> enter) {
    this.requests = requests;
    this.log = log;
    leftOut = new RemovalProof(log);
    this.keys = keys;
    this.dial = dial;
    this.blocking = blocking;
    this.enter = enter;
  }

  @Override
  public void prepare(
      PrepareManagerRequest request, StreamObserver<PrepareManagerResponse> observer) {
    NodeId id = Caller.currentNode();
    Optional<Rejection> refused = refusal(id);
    if (refused.isPresent()) {
      observer.onError(Replies.status(refused.get()).asRuntimeException());
      return;
    }
    leftOut
        .confirm(id)
        .whenComplete(
            (outside, failure) -> {
              if (failure != null) {
                observer.onError(
                    Status.UNAVAILABLE
                        .withDescription(
                            "this manager cannot tell now whether node "
                                + id
                                + " is a voter: "
                                + reason(failure))
                        .asRuntimeException());
                return;
              }
              observer.onNext(
                  PrepareManagerResponse.newBuilder()
                      .setDataKeys(keys.get())
                      .setOutside(outside)
                      .build());
              observer.onCompleted();
            });
  }

  @Override
  public void enter(EnterManagerRequest request, StreamObserver<EnterManagerResponse> observer) {
    NodeId id = Caller.currentNode();
    Optional<Rejection> refused = refusal(id).or(() -> malformed(request.getAddr()));
    if (refused.isPresent()) {
      observer.onError(Replies.status(refused.get()).asRuntimeException());
      return;
    }
    Peer peer = new Peer(id.value(), request.getAddr());
    blocking.execute(() -> enter(peer, observer));
  }

  private void enter(Peer peer, StreamObserver<EnterManagerResponse> observer) {
    if (!log.peers().contains(peer)) {
      Optional<String> silent = silent(peer);
      if (silent.isPresent()) {
        observer.onError(
            Status.FAILED_PRECONDITION
                .withDescription(
                    "could not connect to prospective new cluster member using its advertised"
                        + " address "
                        + peer.address()
                        + ": "
                        + silent.get())
                .asRuntimeException());
        return;
      }
      LOG.info("manager {} at {} is added to the log", peer.id(), peer.address());
    }
    enter
        .apply(peer)
        .whenComplete(
            (done, failure) -> {
              if (failure instanceof RejectedException) {
                observer.onError(Replies.status(failure).asRuntimeException());
                return;
              }
              if (failure != null) {
                LOG.warn(
                    "manager {} could not be added to the log yet: {}",
                    peer.id(),
                    Reason.of(failure));
                observer.onError(
                    Status.UNAVAILABLE
                        .withDescription("the manager cannot be added yet: " + reason(failure))
                        .asRuntimeException());
                return;
              }
              observer.onNext(EnterManagerResponse.getDefaultInstance());
              observer.onCompleted();
            });
  }

  /** Why nobody answers there, before a voter is added that the others cannot reach. */
  private Optional<String> silent(Peer peer) {
    ManagedChannel channel = dial.apply(peer);
    try {
      var _ =
          HealthGrpc.newBlockingStub(channel)
              .withDeadlineAfter(DIAL_SECONDS_MAX, TimeUnit.SECONDS)
              .check(HealthCheckRequest.getDefaultInstance());
      return Optional.empty();
    } catch (StatusRuntimeException e) {
      // It may not know this manager yet; a refusal is an answer too.
      return switch (e.getStatus().getCode()) {
        case UNAVAILABLE, DEADLINE_EXCEEDED -> Optional.of(reason(e));
        default -> Optional.empty();
      };
    } finally {
      channel.shutdownNow();
    }
  }

  private static String reason(Throwable failure) {
    Throwable at = failure;
    while (at.getCause() != null
        && (at instanceof CompletionException || at instanceof StatusRuntimeException)) {
      at = at.getCause();
    }
    return at.getMessage() == null ? at.toString() : at.getMessage();
  }

  private Optional<Rejection> refusal(NodeId id) {
    Node node = requests.snapshot().nodes().get(id);
    boolean wanted = node != null && node.spec().getDesiredRole() == NodeRole.MANAGER;
    return wanted
        ? Optional.empty()
        : Optional.of(
            new Rejection(
                Rejection.Kind.PERMISSION_DENIED,
                "node " + id + " is not to be a manager of this swarm"));
  }

  private static Optional<Rejection> malformed(String address) {
    try {
      var _ = HostPort.exact(address);
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(
          Rejection.invalid("a manager's address is host:port, and this " + e.getMessage()));
    }
  }
}
