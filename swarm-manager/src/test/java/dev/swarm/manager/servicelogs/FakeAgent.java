package dev.swarm.manager.servicelogs;

import com.google.protobuf.ByteString;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.port.Cancellable;
import dev.swarm.core.port.StreamReceiver;
import docker.swarmkit.v1.LogMessage;
import docker.swarmkit.v1.PublishLogsMessage;
import docker.swarmkit.v1.SubscriptionMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An agent that listens, and publishes what a test tells it to. */
final class FakeAgent implements StreamReceiver<SubscriptionMessage> {
  final NodeId node;
  final List<SubscriptionMessage> asked = new ArrayList<>();
  Optional<String> closed = Optional.empty();
  private final Cancellable listening;

  FakeAgent(LogBroker broker, String node) {
    this.node = new NodeId(node);
    listening = broker.listen(this.node, this);
  }

  @Override
  public void next(SubscriptionMessage message) {
    if (!message.hasSelector() || !message.hasOptions()) {
      throw new AssertionError("a stock agent dies of this: " + message);
    }
    asked.add(message);
  }

  @Override
  public void closed(String cause) {
    closed = Optional.of(cause);
  }

  void disconnect() {
    listening.cancel();
  }

  SubscriptionMessage last() {
    return asked.get(asked.size() - 1);
  }

  PublishLogsMessage line(String text) {
    return line(text, node.value(), 1);
  }

  PublishLogsMessage line(String text, String node, long second) {
    LogMessage.Builder line = LogMessage.newBuilder().setData(ByteString.copyFromUtf8(text));
    line.getContextBuilder().setNodeId(node);
    line.getTimestampBuilder().setSeconds(second);
    return PublishLogsMessage.newBuilder()
        .setSubscriptionId(last().getId())
        .addMessages(line)
        .build();
  }

  PublishLogsMessage close() {
    return PublishLogsMessage.newBuilder().setSubscriptionId(last().getId()).setClose(true).build();
  }
}
