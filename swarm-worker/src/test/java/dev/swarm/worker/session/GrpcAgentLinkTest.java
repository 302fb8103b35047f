package dev.swarm.worker.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Duration;
import dev.swarm.core.port.AgentLink.LogPublication;
import dev.swarm.core.port.StreamReceiver;
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
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class GrpcAgentLinkTest {
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> published = new LinkedBlockingQueue<>();
  private final AtomicInteger channels = new AtomicInteger();
  private Server server;
  private GrpcAgentLink link;

  private static final class Dispatcher extends DispatcherGrpc.DispatcherImplBase {
    @Override
    public void session(SessionRequest request, StreamObserver<SessionMessage> reply) {
      reply.onNext(SessionMessage.newBuilder().setSessionId("s1").build());
    }

    @Override
    public void heartbeat(HeartbeatRequest request, StreamObserver<HeartbeatResponse> reply) {
      reply.onNext(
          HeartbeatResponse.newBuilder().setPeriod(Duration.newBuilder().setSeconds(1)).build());
      reply.onCompleted();
    }
  }

  private final class Broker extends LogBrokerGrpc.LogBrokerImplBase {
    @Override
    public StreamObserver<PublishLogsMessage> publishLogs(
        StreamObserver<PublishLogsResponse> reply) {
      return new StreamObserver<>() {
        @Override
        public void onNext(PublishLogsMessage message) {
          published.add(message.getSubscriptionId() + message.getClose());
        }

        @Override
        public void onError(Throwable error) {}

        @Override
        public void onCompleted() {
          reply.onNext(PublishLogsResponse.getDefaultInstance());
          reply.onCompleted();
          published.add("completed");
        }
      };
    }
  }

  @BeforeEach
  void start() throws Exception {
    server =
        NettyServerBuilder.forPort(0)
            .addService(new Dispatcher())
            .addService(new Broker())
            .build()
            .start();
    link = new GrpcAgentLink(this::channel, this::channel);
  }

  private ManagedChannel channel() {
    channels.incrementAndGet();
    return NettyChannelBuilder.forAddress("127.0.0.1", server.getPort()).usePlaintext().build();
  }

  @AfterEach
  void stop() {
    link.close();
    server.shutdownNow();
  }

  private <T> StreamReceiver<T> receiver() {
    return new StreamReceiver<>() {
      @Override
      public void next(T message) {
        heard.add("message");
      }

      @Override
      public void closed(String cause) {
        heard.add(cause);
      }
    };
  }

  @Test
  void aSessionEndsWithTheConnection() throws Exception {
    link.session(SessionRequest.getDefaultInstance(), this.<SessionMessage>receiver());
    assertEquals("message", heard.poll(20, TimeUnit.SECONDS));
    server.shutdownNow();
    assertNotNull(heard.poll(20, TimeUnit.SECONDS));
  }

  @Test
  void beatsGoOverBothKindsOfConnection() throws Exception {
    HeartbeatRequest beat = HeartbeatRequest.getDefaultInstance();
    assertEquals(
        1,
        link.heartbeat(beat)
            .toCompletableFuture()
            .get(20, TimeUnit.SECONDS)
            .getPeriod()
            .getSeconds());
    link.heartbeatOnFreshConnection(beat).toCompletableFuture().get(20, TimeUnit.SECONDS);
    link.heartbeatOnFreshConnection(beat).toCompletableFuture().get(20, TimeUnit.SECONDS);
    assertEquals(3, channels.get());
  }

  @Test
  void whatTheManagerDoesNotKnowSaysSo() throws Exception {
    link.listenSubscriptions(
        ListenSubscriptionsRequest.getDefaultInstance(), this.<SubscriptionMessage>receiver());
    assertTrue(String.valueOf(heard.poll(20, TimeUnit.SECONDS)).startsWith("UNIMPLEMENTED"));
  }

  @Test
  void logsAreHalfClosed() throws Exception {
    LogPublication publication = link.publishLogs();
    publication.send(PublishLogsMessage.newBuilder().setSubscriptionId("a").build());
    publication.complete();
    assertEquals("afalse", published.poll(20, TimeUnit.SECONDS));
    assertEquals("completed", published.poll(20, TimeUnit.SECONDS));
  }
}
