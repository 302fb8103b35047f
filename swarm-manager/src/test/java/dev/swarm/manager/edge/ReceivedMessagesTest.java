package dev.swarm.manager.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.swarm.core.wire.Bounds;
import docker.swarmkit.v1.LogBrokerGrpc;
import docker.swarmkit.v1.PublishLogsMessage;
import docker.swarmkit.v1.PublishLogsResponse;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Log messages from an agent, some of which are none. */
class ReceivedMessagesTest {
  private static final byte[] GOOD =
      PublishLogsMessage.newBuilder().setSubscriptionId("s").build().toByteArray();
  private static final byte[] BAD = {(byte) 0xff, (byte) 0xff, 1, 2, 3};

  private final CompletableFuture<Boolean> cancelled = new CompletableFuture<>();
  private final Server server = start();
  private final ManagedChannel channel =
      NettyChannelBuilder.forAddress("127.0.0.1", server.getPort()).usePlaintext().build();

  private Server start() {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try {
      return NettyServerBuilder.forAddress(address)
          .addService(
              new ReceivedMessages(new RemoteLog(), new MessageBudgets())
                  .guard(new Logs().bindService(), Optional.of(Bounds.OF_NODES)))
          .build()
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.shutdownNow();
  }

  /** Answers a caller who is gone as well, as services on other threads do. */
  private final class Logs extends LogBrokerGrpc.LogBrokerImplBase {
    @Override
    public StreamObserver<PublishLogsMessage> publishLogs(StreamObserver<PublishLogsResponse> out) {
      var call = (ServerCallStreamObserver<PublishLogsResponse>) out;
      call.setOnCancelHandler(
          () -> {
            out.onNext(PublishLogsResponse.getDefaultInstance());
            out.onCompleted();
            cancelled.complete(true);
          });
      return new StreamObserver<>() {
        @Override
        public void onNext(PublishLogsMessage message) {
          if (message.getSubscriptionId().equals("fault")) {
            throw new IllegalStateException("a fault of ours");
          }
        }

        @Override
        public void onError(Throwable lost) {}

        @Override
        public void onCompleted() {
          out.onNext(PublishLogsResponse.getDefaultInstance());
          out.onCompleted();
        }
      };
    }
  }

  private static final MethodDescriptor.Marshaller<byte[]> BYTES =
      new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] bytes) {
          return new ByteArrayInputStream(bytes);
        }

        @Override
        public byte[] parse(InputStream in) {
          try {
            return in.readAllBytes();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      };

  private Status publish(byte[]... messages) {
    var method = LogBrokerGrpc.getPublishLogsMethod().toBuilder(BYTES, BYTES).build();
    CompletableFuture<Status> ended = new CompletableFuture<>();
    StreamObserver<byte[]> out =
        ClientCalls.asyncClientStreamingCall(
            channel.newCall(method, CallOptions.DEFAULT),
            new StreamObserver<byte[]>() {
              @Override
              public void onNext(byte[] reply) {}

              @Override
              public void onError(Throwable failure) {
                ended.complete(Status.fromThrowable(failure));
              }

              @Override
              public void onCompleted() {
                ended.complete(Status.OK);
              }
            });
    for (byte[] message : messages) {
      out.onNext(message);
    }
    out.onCompleted();
    return ended.orTimeout(30, TimeUnit.SECONDS).join();
  }

  @Test
  void wellFormedMessagesAreTaken() {
    assertEquals(Status.Code.OK, publish(GOOD, GOOD).getCode());
    assertFalse(cancelled.isDone());
  }

  @Test
  void aMalformedOneIsTheCallersFaultAndEndsTheCall() {
    Status status = publish(GOOD, BAD, GOOD);
    assertEquals(Status.Code.INVALID_ARGUMENT, status.getCode(), status.toString());
    assertTrue(String.valueOf(status.getDescription()).startsWith("malformed message"));
    assertTrue(cancelled.orTimeout(30, TimeUnit.SECONDS).join(), "the service is told");
    assertEquals(Status.Code.OK, publish(GOOD).getCode());
  }

  @Test
  void oneThatHoldsTooMuchIsRefusedAndEndsTheCall() {
    byte[] much =
        PublishLogsMessage.newBuilder().setSubscriptionId("s".repeat(5000)).build().toByteArray();
    Status status = publish(GOOD, much, GOOD);
    assertEquals(Status.Code.INVALID_ARGUMENT, status.getCode(), status.toString());
    assertEquals(
        "subscription_id of PublishLogsMessage has 5000 bytes: at most 4096 are taken",
        status.getDescription());
    assertTrue(cancelled.orTimeout(30, TimeUnit.SECONDS).join(), "the service is told");
  }

  @Test
  void aFaultOfOursSaysSo() {
    byte[] trap = PublishLogsMessage.newBuilder().setSubscriptionId("fault").build().toByteArray();
    assertEquals(Status.Code.INTERNAL, publish(trap).getCode());
  }

  @Test
  void aUnaryCallIsAnsweredTheSame() {
    var method = LogBrokerGrpc.getListenSubscriptionsMethod().toBuilder(BYTES, BYTES).build();
    var replies =
        ClientCalls.blockingServerStreamingCall(channel, method, CallOptions.DEFAULT, BAD);
    var failure = assertThrows(StatusRuntimeException.class, replies::hasNext);
    assertEquals(Status.Code.INVALID_ARGUMENT, failure.getStatus().getCode());
  }
}
