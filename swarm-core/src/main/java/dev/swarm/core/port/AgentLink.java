package dev.swarm.core.port;

import docker.swarmkit.v1.AssignmentsMessage;
import docker.swarmkit.v1.AssignmentsRequest;
import docker.swarmkit.v1.HeartbeatRequest;
import docker.swarmkit.v1.HeartbeatResponse;
import docker.swarmkit.v1.ListenSubscriptionsRequest;
import docker.swarmkit.v1.PublishLogsMessage;
import docker.swarmkit.v1.SessionMessage;
import docker.swarmkit.v1.SessionRequest;
import docker.swarmkit.v1.SubscriptionMessage;
import docker.swarmkit.v1.UpdateTaskStatusRequest;
import docker.swarmkit.v1.UpdateTaskStatusResponse;
import java.util.concurrent.CompletionStage;

/**
 * Connection between one agent and one manager's dispatcher. The identity of the agent belongs to
 * the link (the certificate of the connection), never to a message. gRPC is one adapter of it, a
 * direct call inside one JVM another, the simulator's network a third.
 *
 * <p>No method blocks. Receivers and stages are completed on a thread of the adapter's choosing.
 */
public interface AgentLink extends AutoCloseable {
  /** How a manager ends the session of a node that it does not know; swarmkit's words. */
  String UNKNOWN_NODE = "node not registered";

  /**
   * Opens the session stream; its first message carries the session id. Cancelling ends the
   * session.
   */
  Cancellable session(SessionRequest request, StreamReceiver<SessionMessage> receiver);

  /** One beat on the link's standing connection. */
  CompletionStage<HeartbeatResponse> heartbeat(HeartbeatRequest request);

  /**
   * One beat on a connection made for it alone: what still gets through when the standing
   * connection's segments wait in a retransmission back-off.
   */
  CompletionStage<HeartbeatResponse> heartbeatOnFreshConnection(HeartbeatRequest request);

  Cancellable assignments(AssignmentsRequest request, StreamReceiver<AssignmentsMessage> receiver);

  CompletionStage<UpdateTaskStatusResponse> updateTaskStatus(UpdateTaskStatusRequest request);

  Cancellable listenSubscriptions(
      ListenSubscriptionsRequest request, StreamReceiver<SubscriptionMessage> receiver);

  /** Starts one log publication. */
  LogPublication publishLogs();

  /** Drops the connection; streams are closed, pending calls fail. */
  @Override
  void close();

  /** The sending end of one {@code PublishLogs} call. */
  interface LogPublication {
    /** Whether the transport would take a message without buffering it. */
    boolean ready();

    /** Sends; after the manager ended the call this does nothing. */
    void send(PublishLogsMessage message);

    /** Whether the manager ended the call, for instance because the subscription is gone. */
    boolean ended();

    /** Ends the publication in good order. */
    void complete();
  }
}
