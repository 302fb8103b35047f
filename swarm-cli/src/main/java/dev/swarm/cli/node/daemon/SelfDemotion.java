package dev.swarm.cli.node.daemon;

import dev.swarm.manager.Manager;
import dev.swarm.manager.tls.Authority;
import docker.swarmkit.v1.ControlGrpc;
import docker.swarmkit.v1.GetNodeRequest;
import docker.swarmkit.v1.Node;
import docker.swarmkit.v1.NodeRole;
import docker.swarmkit.v1.NodeSpec;
import docker.swarmkit.v1.UpdateNodeRequest;
import io.grpc.Deadline;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes this manager out of the log before its node leaves the swarm. */
final class SelfDemotion {
  private static final Logger LOG = LoggerFactory.getLogger(SelfDemotion.class);
  private static final int CALL_SECONDS_MAX = 3;
  private static final int PATIENCE_SECONDS = 8;
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);

  private SelfDemotion() {}

  /**
   * Asks to be a worker, and waits for a while until it is one. The last manager stays what it is.
   */
  static void hand(Manager manager, String nodeId) {
    ControlGrpc.ControlBlockingStub control = ControlGrpc.newBlockingStub(manager.localChannel());
    try {
      if (ManagerCount.ask(manager.localChannel()).map(ManagerCount::isLast).orElse(true)) {
        return;
      }
      Node self = get(control, nodeId);
      NodeSpec wish = self.getSpec().toBuilder().setDesiredRole(NodeRole.WORKER).build();
      var _ =
          control
              .withDeadlineAfter(CALL_SECONDS_MAX, TimeUnit.SECONDS)
              .updateNode(
                  UpdateNodeRequest.newBuilder()
                      .setNodeId(nodeId)
                      .setNodeVersion(self.getMeta().getVersion())
                      .setSpec(wish)
                      .build());
      Deadline patience = Deadline.after(PATIENCE_SECONDS, TimeUnit.SECONDS);
      while (!patience.isExpired() && !manager.ended().toCompletableFuture().isDone()) {
        if (isWorker(control, nodeId)) {
          return;
        }
        Thread.sleep(LOOK_EVERY);
      }
    } catch (StatusRuntimeException e) {
      LOG.info(
          "the managers' last answer before this one left their log: {}",
          e.getStatus().getDescription());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Once it is a worker it is not answered any more, which is the other way to know. */
  private static boolean isWorker(ControlGrpc.ControlBlockingStub control, String nodeId) {
    try {
      return get(control, nodeId).getRole() != NodeRole.MANAGER;
    } catch (StatusRuntimeException e) {
      // One that led has to see to it that another does: the log cannot do without it before.
      if (e.getStatus().getCode() == Status.Code.UNAVAILABLE
          && !Authority.NONE_ANY_MORE.equals(e.getStatus().getDescription())) {
        return false;
      }
      throw e;
    }
  }

  private static Node get(ControlGrpc.ControlBlockingStub control, String nodeId) {
    return control
        .withDeadlineAfter(CALL_SECONDS_MAX, TimeUnit.SECONDS)
        .getNode(GetNodeRequest.newBuilder().setNodeId(nodeId).build())
        .getNode();
  }
}
