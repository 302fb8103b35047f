package dev.swarm.cli.node.daemon;

import docker.swarmkit.v1.ControlGrpc;
import docker.swarmkit.v1.ListNodesRequest;
import docker.swarmkit.v1.ManagerStatus;
import docker.swarmkit.v1.Node;
import docker.swarmkit.v1.RaftMemberStatus.Reachability;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Number of managers in a swarm, for one of them that is about to leave.
 *
 * @param reachable those that answer the leader, this one included
 */
record ManagerCount(int reachable, int all) {
  private static final int SECONDS_MAX = 3;

  /** As the leader sees it; empty where there is none. */
  static Optional<ManagerCount> ask(Channel leader) {
    try {
      List<ManagerStatus> managers =
          ControlGrpc.newBlockingStub(leader)
              .withDeadlineAfter(SECONDS_MAX, TimeUnit.SECONDS)
              .listNodes(ListNodesRequest.getDefaultInstance())
              .getNodesList()
              .stream()
              .filter(Node::hasManagerStatus)
              .map(Node::getManagerStatus)
              .toList();
      long reachable =
          managers.stream().filter(m -> m.getReachability() == Reachability.REACHABLE).count();
      return Optional.of(new ManagerCount((int) reachable, managers.size()));
    } catch (StatusRuntimeException e) {
      return Optional.empty();
    }
  }

  /** Whether the others could not decide anything any more were this one to fall silent. */
  boolean oneLessIsTooFew() {
    return reachable - 1 <= all / 2;
  }

  boolean isLast() {
    return all <= 1;
  }
}
