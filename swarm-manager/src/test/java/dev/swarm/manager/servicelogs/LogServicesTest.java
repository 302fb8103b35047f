package dev.swarm.manager.servicelogs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.model.TaskState;
import dev.swarm.core.sim.VirtualTime;
import dev.swarm.manager.api.Replies;
import docker.swarmkit.v1.ListenSubscriptionsRequest;
import docker.swarmkit.v1.LogBrokerGrpc;
import docker.swarmkit.v1.LogMessage;
import docker.swarmkit.v1.LogsGrpc;
import docker.swarmkit.v1.PublishLogsMessage;
import docker.swarmkit.v1.PublishLogsResponse;
import docker.swarmkit.v1.SubscribeLogsMessage;
import docker.swarmkit.v1.SubscribeLogsRequest;
import docker.swarmkit.v1.SubscriptionMessage;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The broker behind its gRPC services, everything on the test's own thread. */
class LogServicesTest {
  private final VirtualTime loop = new VirtualTime();
  private final FakeCluster cluster = new FakeCluster();
  private final LogBroker broker = new LogBroker(loop, cluster::nextId, () -> cluster.snapshot);
  private NodeId caller = new NodeId("n1");
  private Server server = start();
  private ManagedChannel channel =
      InProcessChannelBuilder.forName("logs-" + hashCode()).directExecutor().build();

  private Server start() {
    try {
      return InProcessServerBuilder.forName("logs-" + hashCode())
          .directExecutor()
          .addService(new LogBrokerService(broker, () -> caller, Replies::status))
          .addService(new LogsService(broker, Replies::status))
          .build()
          .start();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @BeforeEach
  void cluster() {
    cluster.service("web");
    cluster.node("n1", Node.State.READY);
    cluster.task("t1", "web", 1, "n1", TaskState.RUNNING);
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.shutdownNow();
  }

  @Test
  void linesGoFromTheAgentToTheClient() {
    Recorder<SubscriptionMessage> asked = new Recorder<>();
    LogBrokerGrpc.newStub(channel)
        .listenSubscriptions(ListenSubscriptionsRequest.getDefaultInstance(), asked);
    Recorder<SubscribeLogsMessage> read = subscribe(false);
    SubscriptionMessage subscription = asked.messages.get(0);

    Recorder<PublishLogsResponse> published = new Recorder<>();
    StreamObserver<PublishLogsMessage> agent =
        LogBrokerGrpc.newStub(channel).publishLogs(published);
    for (int i = 0; i < 3; i++) {
      agent.onNext(line(subscription.getId(), "line " + i));
      loop.run();
    }
    agent.onNext(
        PublishLogsMessage.newBuilder()
            .setSubscriptionId(subscription.getId())
            .setClose(true)
            .build());
    agent.onCompleted();
    loop.run();

    assertEquals(3, read.messages.size());
    assertEquals(Optional.of(Status.Code.OK), read.end);
    assertEquals(1, published.messages.size());
    assertEquals(Optional.of(Status.Code.OK), published.end);
    assertEquals(Optional.empty(), asked.end, "a stream that ends would end the agent's session");
  }

  @Test
  void theAgentIsTakenFromAsFastAsTheClientReads() {
    Recorder<SubscriptionMessage> asked = new Recorder<>();
    LogBrokerGrpc.newStub(channel)
        .listenSubscriptions(ListenSubscriptionsRequest.getDefaultInstance(), asked);
    Iterator<SubscribeLogsMessage> client =
        LogsGrpc.newBlockingStub(channel).subscribeLogs(request(true));
    loop.run();
    Recorder<PublishLogsResponse> published = new Recorder<>();
    io.grpc.stub.ClientCallStreamObserver<PublishLogsMessage> agent =
        (io.grpc.stub.ClientCallStreamObserver<PublishLogsMessage>)
            LogBrokerGrpc.newStub(channel).publishLogs(published);
    int sent = 0;
    while (agent.isReady() && sent < 1000) {
      agent.onNext(line(asked.messages.get(0).getId(), "x".repeat(20_000)));
      loop.run();
      sent++;
    }
    assertTrue(sent < 100, "the client reads nothing, so the agent must stop: " + sent);
    assertEquals(Optional.empty(), published.end);
    assertTrue(client.hasNext());
  }

  @Test
  void endsWithWhatIsMissing() {
    Recorder<SubscribeLogsMessage> read = subscribe(false);
    assertEquals(Optional.of(Status.Code.UNKNOWN), read.end);
    assertTrue(read.description.contains("node n1 is not available"), read.description);
  }

  @Test
  void anUnknownServiceIsNotFound() {
    SubscribeLogsRequest.Builder request = SubscribeLogsRequest.newBuilder();
    request.getSelectorBuilder().addServiceIds("gone");
    StatusRuntimeException e =
        assertThrows(
            StatusRuntimeException.class,
            () -> LogsGrpc.newBlockingStub(channel).subscribeLogs(request.build()).hasNext());
    assertEquals(Status.Code.NOT_FOUND, e.getStatus().getCode());
  }

  @Test
  void publishingForNothingIsNotFound() {
    Recorder<PublishLogsResponse> published = new Recorder<>();
    LogBrokerGrpc.newStub(channel).publishLogs(published).onNext(line("?", "x"));
    loop.run();
    assertEquals(Optional.of(Status.Code.NOT_FOUND), published.end);
  }

  @Test
  void whoHasNoCertificateIsSentAway() {
    caller = NodeId.NONE;
    Recorder<SubscriptionMessage> asked = new Recorder<>();
    LogBrokerGrpc.newStub(channel)
        .listenSubscriptions(ListenSubscriptionsRequest.getDefaultInstance(), asked);
    Recorder<PublishLogsResponse> published = new Recorder<>();
    LogBrokerGrpc.newStub(channel).publishLogs(published);
    assertEquals(Optional.of(Status.Code.UNAUTHENTICATED), asked.end);
    assertEquals(Optional.of(Status.Code.UNAUTHENTICATED), published.end);
  }

  private Recorder<SubscribeLogsMessage> subscribe(boolean follow) {
    Recorder<SubscribeLogsMessage> read = new Recorder<>();
    loop.run();
    LogsGrpc.newStub(channel).subscribeLogs(request(follow), read);
    loop.run();
    return read;
  }

  private static SubscribeLogsRequest request(boolean follow) {
    SubscribeLogsRequest.Builder request = SubscribeLogsRequest.newBuilder();
    request.getSelectorBuilder().addServiceIds("web");
    request.getOptionsBuilder().setFollow(follow);
    return request.build();
  }

  private static PublishLogsMessage line(String subscription, String text) {
    LogMessage.Builder line = LogMessage.newBuilder().setData(ByteString.copyFromUtf8(text));
    line.getContextBuilder().setNodeId("n1");
    return PublishLogsMessage.newBuilder()
        .setSubscriptionId(subscription)
        .addMessages(line)
        .build();
  }

  private static final class Recorder<T> implements StreamObserver<T> {
    final List<T> messages = new ArrayList<>();
    Optional<Status.Code> end = Optional.empty();
    String description = "";

    @Override
    public void onNext(T message) {
      messages.add(message);
    }

    @Override
    public void onError(Throwable t) {
      Status status = Status.fromThrowable(t);
      end = Optional.of(status.getCode());
      description = String.valueOf(status.getDescription());
    }

    @Override
    public void onCompleted() {
      end = Optional.of(Status.Code.OK);
    }
  }
}
