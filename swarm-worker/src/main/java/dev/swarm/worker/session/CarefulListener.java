package dev.swarm.worker.session;

import com.google.protobuf.ByteString;
import docker.swarmkit.v1.Node;
import docker.swarmkit.v1.WeightedPeer;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wraps the listener of the program around the agent: an exception of it is logged and does not
 * stop the agent.
 */
public final class CarefulListener implements AgentListener {
  private static final Logger LOG = LoggerFactory.getLogger(CarefulListener.class);
  private final AgentListener behind;

  public CarefulListener(AgentListener behind) {
    this.behind = behind;
  }

  @Override
  public void registered(String sessionId) {
    tell(() -> behind.registered(sessionId));
  }

  @Override
  public void sessionLost(String cause, Duration retryIn) {
    tell(() -> behind.sessionLost(cause, retryIn));
  }

  @Override
  public void managers(List<WeightedPeer> managers) {
    tell(() -> behind.managers(managers));
  }

  @Override
  public void rootCertificates(ByteString pem) {
    tell(() -> behind.rootCertificates(pem));
  }

  @Override
  public void node(Node node) {
    tell(() -> behind.node(node));
  }

  @Override
  public void renewCertificate() {
    tell(behind::renewCertificate);
  }

  private static void tell(Runnable what) {
    try {
      what.run();
    } catch (RuntimeException fault) {
      LOG.error("a listener of this node's agent failed; the agent goes on", fault);
    }
  }
}
