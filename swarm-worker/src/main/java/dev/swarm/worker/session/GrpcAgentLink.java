package dev.swarm.worker.session;

import dev.swarm.core.port.AgentLink;
import dev.swarm.core.port.Cancellable;
import dev.swarm.core.port.StreamReceiver;
import docker.swarmkit.v1.AssignmentsMessage;
import docker.swarmkit.v1.AssignmentsRequest;
import docker.swarmkit.v1.DispatcherGrpc;
import docker.swarmkit.v1.HeartbeatRequest;
import docker.swarmkit.v1.HeartbeatResponse;
import docker.swarmkit.v1.ListenSubscriptionsRequest;
import docker.swarmkit.v1.LogBrokerGrpc;
import docker.swarmkit.v1.PublishLogsMessage;
import docker.swarmkit.v1.PublishLogsResponse;
import docker.swarmkit.v1.SessionMessage;
import docker.swarmkit.v1.SessionRequest;
import docker.swarmkit.v1.SubscriptionMessage;
import docker.swarmkit.v1.UpdateTaskStatusRequest;
import docker.swarmkit.v1.UpdateTaskStatusResponse;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An {@link AgentLink} over gRPC. The channels come with identity and trust; give the standing one
 * keep-alive pings, for a stream over a dead connection is otherwise never noticed. Safe for use by
 * many threads.
 */
public final class GrpcAgentLink implements AgentLink {
  private static final long BEAT_TIMEOUT_MILLIS = 5_000;
  private static final long REPORT_TIMEOUT_MILLIS = 10_000;
  // Stock managers send what fits them; a node's whole assignment can be far above gRPC's 4 MiB.
  private static final int INBOUND_BYTES_MAX = 256 << 20;

  private final ManagedChannel standing;
  private final Supplier<ManagedChannel> fresh;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * @param standing asked once; the link shuts that channel down when it is closed
   * @param fresh asked for each hedged heartbeat; each of those channels is shut down after it
   */
  public GrpcAgentLink(Supplier<ManagedChannel> standing, Supplier<ManagedChannel> fresh) {
    this.standing = standing.get();
    this.fresh = fresh;
  }

  @Override
  public Cancellable session(SessionRequest request, StreamReceiver<SessionMessage> receiver) {
    return stream(DispatcherGrpc.getSessionMethod(), request, receiver);
  }

  @Override
  public CompletionStage<HeartbeatResponse> heartbeat(HeartbeatRequest request) {
    return unary(standing, DispatcherGrpc.getHeartbeatMethod(), request, BEAT_TIMEOUT_MILLIS);
  }

  @Override
  public CompletionStage<HeartbeatResponse> heartbeatOnFreshConnection(HeartbeatRequest request) {
    if (closed.get()) {
      return CompletableFuture.failedFuture(Status.CANCELLED.asRuntimeException());
    }
    ManagedChannel channel = fresh.get();
    CompletableFuture<HeartbeatResponse> reply =
        unary(channel, DispatcherGrpc.getHeartbeatMethod(), request, BEAT_TIMEOUT_MILLIS);
    return reply.whenComplete((response, error) -> channel.shutdownNow());
  }

  @Override
  public Cancellable assignments(
      AssignmentsRequest request, StreamReceiver<AssignmentsMessage> receiver) {
    return stream(DispatcherGrpc.getAssignmentsMethod(), request, receiver);
  }

  @Override
  public CompletionStage<UpdateTaskStatusResponse> updateTaskStatus(
      UpdateTaskStatusRequest request) {
    return unary(
        standing, DispatcherGrpc.getUpdateTaskStatusMethod(), request, REPORT_TIMEOUT_MILLIS);
  }

  @Override
  public Cancellable listenSubscriptions(
      ListenSubscriptionsRequest request, StreamReceiver<SubscriptionMessage> receiver) {
    return stream(LogBrokerGrpc.getListenSubscriptionsMethod(), request, receiver);
  }

  @Override
  public LogPublication publishLogs() {
    Publication publication = new Publication();
    ClientCalls.asyncClientStreamingCall(
        standing.newCall(LogBrokerGrpc.getPublishLogsMethod(), CallOptions.DEFAULT), publication);
    return publication;
  }

  @Override
  public void close() {
    closed.set(true);
    standing.shutdownNow();
  }

  private static <Q, R> CompletableFuture<R> unary(
      Channel channel, MethodDescriptor<Q, R> method, Q request, long timeoutMillis) {
    CompletableFuture<R> future = new CompletableFuture<>();
    ClientCall<Q, R> call =
        channel.newCall(
            method, CallOptions.DEFAULT.withDeadlineAfter(timeoutMillis, TimeUnit.MILLISECONDS));
    ClientCalls.asyncUnaryCall(
        call,
        request,
        new StreamObserver<R>() {
          @Override
          public void onNext(R value) {
            future.complete(value);
          }

          @Override
          public void onError(Throwable error) {
            future.completeExceptionally(error);
          }

          @Override
          public void onCompleted() {
            future.completeExceptionally(
                Status.INTERNAL.withDescription("no reply").asRuntimeException());
          }
        });
    return future;
  }

  private <Q, R> Cancellable stream(
      MethodDescriptor<Q, R> method, Q request, StreamReceiver<R> receiver) {
    ClientCall<Q, R> call =
        standing.newCall(method, CallOptions.DEFAULT.withMaxInboundMessageSize(INBOUND_BYTES_MAX));
    ClientCalls.asyncServerStreamingCall(
        call,
        request,
        new StreamObserver<R>() {
          @Override
          public void onNext(R value) {
            receiver.next(value);
          }

          @Override
          public void onError(Throwable error) {
            receiver.closed(text(error));
          }

          @Override
          public void onCompleted() {
            receiver.closed("the manager ended the stream");
          }
        });
    return () -> call.cancel("cancelled by the agent", null);
  }

  /** {@code CODE: description}, beginning with the name of the gRPC status. */
  private static String text(Throwable error) {
    Status status = Status.fromThrowable(error);
    String description = status.getDescription();
    return description == null
        ? status.getCode().name()
        : status.getCode().name() + ": " + description;
  }

  private static final class Publication
      implements LogPublication, ClientResponseObserver<PublishLogsMessage, PublishLogsResponse> {
    private volatile @Nullable ClientCallStreamObserver<PublishLogsMessage> out;
    private volatile boolean ended;

    @Override
    public void beforeStart(ClientCallStreamObserver<PublishLogsMessage> requestStream) {
      out = requestStream;
    }

    @Override
    public void onNext(PublishLogsResponse value) {
      ended = true;
    }

    @Override
    public void onError(Throwable error) {
      ended = true;
    }

    @Override
    public void onCompleted() {
      ended = true;
    }

    @Override
    public boolean ready() {
      ClientCallStreamObserver<PublishLogsMessage> stream = out;
      return stream != null && !ended && stream.isReady();
    }

    @Override
    public void send(PublishLogsMessage message) {
      ClientCallStreamObserver<PublishLogsMessage> stream = out;
      if (stream != null && !ended) {
        stream.onNext(message);
      }
    }

    @Override
    public boolean ended() {
      return ended;
    }

    @Override
    public void complete() {
      ClientCallStreamObserver<PublishLogsMessage> stream = out;
      if (stream != null && !ended) {
        stream.onCompleted();
      }
    }
  }
}
