package dev.swarm.manager.members;

import dev.swarm.core.control.node.Voters;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.port.ReplicatedLog;
import dev.swarm.core.port.ReplicatedLog.Peer;
import docker.swarmkit.v1.ManagerStatus;
import docker.swarmkit.v1.NodeRole;
import docker.swarmkit.v1.RaftMemberStatus.Reachability;
import docker.swarmkit.v1.WeightedPeer;
import java.util.List;
import java.util.Optional;

/**
 * Membership of the log in the terms of requests, of operators and of agents. Safe for many
 * threads.
 */
public final class LogVoters implements Voters {
  /** Managers are all alike to an agent; the number is what stock managers say. */
  private static final int WEIGHT = 10;

  private final ReplicatedLog log;
  private final boolean shared;

  /**
   * @param shared whether other managers can take part in the log
   */
  public LogVoters(ReplicatedLog log, boolean shared) {
    this.log = log;
    this.shared = shared;
  }

  @Override
  public boolean couldVote(Node node) {
    return shared
        && (node.role() == NodeRole.MANAGER
            || node.description().getEngine().getPluginsList().stream()
                .anyMatch(plugin -> plugin.getType().equals(Node.RUNTIME_PLUGIN)));
  }

  @Override
  public boolean votes(NodeId node) {
    return peer(node).isPresent();
  }

  @Override
  public boolean canDoWithout(NodeId node) {
    List<Peer> left = log.peers().stream().filter(peer -> !peer.id().equals(node.value())).toList();
    long answering = left.stream().filter(peer -> log.reachable(peer.id())).count();
    return answering > left.size() / 2;
  }

  private Optional<Peer> peer(NodeId node) {
    return log.peers().stream().filter(peer -> peer.id().equals(node.value())).findFirst();
  }

  /** How {@code node} does as a member; empty for one that is none. Right on the leader only. */
  public Optional<ManagerStatus> status(NodeId node) {
    String leader = log.leadership().leaderId();
    return peer(node)
        .map(
            peer ->
                ManagerStatus.newBuilder()
                    .setAddr(peer.address())
                    .setLeader(peer.id().equals(leader))
                    .setReachability(
                        log.reachable(peer.id())
                            ? Reachability.REACHABLE
                            : Reachability.UNREACHABLE)
                    .build());
  }

  /** Where agents find managers. */
  public List<WeightedPeer> weighted() {
    return log.peers().stream()
        .map(
            peer ->
                WeightedPeer.newBuilder()
                    .setPeer(
                        docker.swarmkit.v1.Peer.newBuilder()
                            .setNodeId(peer.id())
                            .setAddr(peer.address()))
                    .setWeight(WEIGHT)
                    .build())
        .toList();
  }
}
