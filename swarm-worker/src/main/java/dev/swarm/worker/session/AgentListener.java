package dev.swarm.worker.session;

import com.google.protobuf.ByteString;
import docker.swarmkit.v1.Node;
import docker.swarmkit.v1.WeightedPeer;
import java.time.Duration;
import java.util.List;

/** Listener to an agent, for the program around it. Called on the event loop; must not block. */
public interface AgentListener {
  /** The first message of a session arrived. */
  default void registered(String sessionId) {}

  /** There is no session now; another is tried after {@code retryIn}. */
  default void sessionLost(String cause, Duration retryIn) {}

  /** The complete list of managers, never empty: worth keeping on disk. */
  default void managers(List<WeightedPeer> managers) {}

  /** The cluster's root certificates as PEM, byte for byte, when they differ from the last ones. */
  default void rootCertificates(ByteString pem) {}

  /** This node's object, when it changed in more than its status. */
  default void node(Node node) {}

  /** The manager wants this node's certificate renewed now. */
  default void renewCertificate() {}
}
