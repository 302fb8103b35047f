package dev.swarm.manager;

import dev.swarm.core.model.NodeId;
import dev.swarm.core.port.AgentLink;
import dev.swarm.core.port.Cancellable;
import dev.swarm.core.port.StreamReceiver;
import dev.swarm.manager.dispatcher.Dispatcher;
import dev.swarm.manager.logs.LogBroker;
import docker.swarmkit.v1.AssignmentsMessage;
import docker.swarmkit.v1.AssignmentsRequest;
import docker.swarmkit.v1.HeartbeatRequest;
import docker.swarmkit.v1.HeartbeatResponse;
import docker.swarmkit.v1.ListenSubscriptionsRequest;
import docker.swarmkit.v1.SessionMessage;
import docker.swarmkit.v1.SessionRequest;
import docker.swarmkit.v1.SubscriptionMessage;
import docker.swarmkit.v1.UpdateTaskStatusRequest;
import docker.swarmkit.v1.UpdateTaskStatusResponse;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** An agent in the manager's own JVM: no network, no certificate, the identity is given. */
final class LocalAgentLink implements AgentLink {
  private final NodeId node;
  private final String addr;
  private final Dispatcher dispatcher;
  private final LogBroker broker;
  private final List<Cancellable> open = new CopyOnWriteArrayList<>();

  LocalAgentLink(NodeId node, String addr, Dispatcher dispatcher, LogBroker broker) {
    this.node = node;
    this.addr = addr;
    this.dispatcher = dispatcher;
    this.broker = broker;
  }

  private Cancellable keep(Cancellable stream) {
    open.add(stream);
    return () -> {
      open.remove(stream);
      stream.cancel();
    };
  }

  @Override
  public Cancellable session(SessionRequest request, StreamReceiver<SessionMessage> receiver) {
    return keep(dispatcher.session(node, addr, request, receiver));
  }

  @Override
  public CompletionStage<HeartbeatResponse> heartbeat(HeartbeatRequest request) {
    return dispatcher.heartbeat(node, request);
  }

  @Override
  public CompletionStage<HeartbeatResponse> heartbeatOnFreshConnection(HeartbeatRequest request) {
    return dispatcher.heartbeat(node, request);
  }

  @Override
  public Cancellable assignments(
      AssignmentsRequest request, StreamReceiver<AssignmentsMessage> receiver) {
    return keep(dispatcher.assignments(node, request, receiver));
  }

  @Override
  public CompletionStage<UpdateTaskStatusResponse> updateTaskStatus(
      UpdateTaskStatusRequest request) {
    return dispatcher.updateTaskStatus(node, request);
  }

  @Override
  public Cancellable listenSubscriptions(
      ListenSubscriptionsRequest request, StreamReceiver<SubscriptionMessage> receiver) {
    return keep(broker.listen(node, receiver));
  }

  @Override
  public LogPublication publishLogs() {
    return broker.publish(node, () -> {});
  }

  @Override
  public void close() {
    open.forEach(Cancellable::cancel);
    open.clear();
  }
}
