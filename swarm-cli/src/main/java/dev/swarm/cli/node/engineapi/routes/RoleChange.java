package dev.swarm.cli.node.engineapi.routes;

import dev.swarm.cli.node.engineapi.http.ApiRejection;
import dev.swarm.core.port.Clock;
import docker.swarmkit.v1.GetNodeRequest;
import docker.swarmkit.v1.Node;
import docker.swarmkit.v1.NodeRole;
import docker.swarmkit.v1.NodeStatus;
import docker.swarmkit.v1.RaftMemberStatus.Reachability;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Optional;

/** Waits until a node has the role that was asked for, so that no client is told so before. */
final class RoleChange {
  private static final Duration WITHIN = Duration.ofSeconds(20);
  private static final Duration LOOK_EVERY = Duration.ofMillis(50);

  private final SwarmClient swarm;
  private final Clock clock;

  RoleChange(SwarmClient swarm, Clock clock) {
    this.swarm = swarm;
    this.clock = clock;
  }

  /**
   * Returns when the node has the role, or when nobody can say so: it is not there to take it, or
   * this node is the one that is no manager any more.
   *
   * @param before the node when the wish was taken
   * @throws ApiRejection if it does not take the role in time; it goes on trying
   */
  void await(Node before, NodeRole wished) {
    if (hasRole(before, wished) || before.getStatus().getState() != NodeStatus.State.READY) {
      return;
    }
    long startNanos = clock.nanoTime();
    while (clock.nanoTime() - startNanos < WITHIN.toNanos()) {
      if (isOver(before.getId(), wished)) {
        return;
      }
      try {
        Thread.sleep(LOOK_EVERY);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
    throw ApiRejection.unavailable(
        wished == NodeRole.MANAGER ? notYetManager(before) : notYetWorker(before));
  }

  private boolean isOver(String id, NodeRole wished) {
    try {
      Node now =
          swarm.control().getNode(GetNodeRequest.newBuilder().setNodeId(id).build()).getNode();
      return now.getSpec().getDesiredRole() != wished || hasRole(now, wished);
    } catch (ApiRejection e) {
      return wished == NodeRole.WORKER; // this node was the one
    } catch (StatusRuntimeException e) {
      // While another comes to lead nobody knows.
      return e.getStatus().getCode() == Status.Code.NOT_FOUND;
    }
  }

  private static boolean hasRole(Node node, NodeRole role) {
    Optional<Reachability> votes =
        node.hasManagerStatus()
            ? Optional.of(node.getManagerStatus().getReachability())
            : Optional.empty();
    return node.getRole() == role
        && (role == NodeRole.MANAGER
            ? votes.equals(Optional.of(Reachability.REACHABLE))
            : votes.isEmpty());
  }

  private static String notYetManager(Node node) {
    String name = node.getDescription().getHostname();
    return ("node %s is not a manager yet, %d s after the request: \"docker info\" and the daemon's"
            + " log there say why (is the address that it advertises free, and can managers"
            + " reach it?). It goes on trying until it is demoted.")
        .formatted(name, WITHIN.toSeconds());
  }

  private static String notYetWorker(Node node) {
    return "node %s is still a manager, %d s after the request: the managers go on trying"
        .formatted(node.getDescription().getHostname(), WITHIN.toSeconds());
  }
}
