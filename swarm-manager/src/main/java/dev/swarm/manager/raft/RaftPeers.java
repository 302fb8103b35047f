package dev.swarm.manager.raft;

import dev.swarm.core.port.ReplicatedLog.NotLeaderException;
import dev.swarm.core.port.ReplicatedLog.Peer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.ratis.proto.RaftProtos.CommitInfoProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.server.RaftServer;

/** Reads and changes the voters of the log. Only a leader can change them. */
final class RaftPeers {
  private final RaftServer server;
  private final RaftServer.Division division;
  private final Proposals proposals;
  private final Duration timeout;
  private final Duration transferTimeout;

  /**
   * @param transferTimeout within which a chosen manager takes over, or the next one is asked
   */
  RaftPeers(
      RaftServer server,
      RaftServer.Division division,
      Proposals proposals,
      Duration timeout,
      Duration transferTimeout) {
    this.server = server;
    this.division = division;
    this.proposals = proposals;
    this.timeout = timeout;
    this.transferTimeout = transferTimeout;
  }

  static RaftPeer raftPeer(Peer peer) {
    return raftPeer(peer, 0);
  }

  /** Managers are all alike, so they all have the same priority, whatever it is. */
  private static RaftPeer raftPeer(Peer peer, int priority) {
    return RaftPeer.newBuilder()
        .setId(peer.id())
        .setAddress(peer.address())
        .setPriority(priority)
        .build();
  }

  List<Peer> all() {
    return division.getRaftConf().getCurrentPeers().stream()
        .map(peer -> new Peer(peer.getId().toString(), peer.getAddress()))
        .sorted(Comparator.comparing(Peer::id))
        .toList();
  }

  /** One that votes already is only told of where its address has changed. */
  CompletableFuture<Void> add(Peer peer) {
    List<Peer> before = all();
    int priority = priority();
    if (before.stream().noneMatch(voter -> voter.id().equals(peer.id()))) {
      return set(List.of(raftPeer(peer, priority)), SetConfigurationRequest.Mode.ADD);
    }
    if (before.contains(peer)) {
      return CompletableFuture.completedFuture(null);
    }
    // The library takes a change of address alone for no change at all.
    List<RaftPeer> after =
        before.stream()
            .map(voter -> voter.id().equals(peer.id()) ? peer : voter)
            .map(voter -> raftPeer(voter, 1 - priority))
            .toList();
    return set(after, SetConfigurationRequest.Mode.SET_UNCONDITIONALLY);
  }

  private int priority() {
    return division.getRaftConf().getCurrentPeers().stream()
        .mapToInt(RaftPeer::getPriority)
        .findAny()
        .orElse(0);
  }

  /** Nothing to do for one that is no voter. The last voter cannot go. */
  CompletableFuture<Void> remove(String peerId) {
    List<RaftPeer> left = new ArrayList<>(division.getRaftConf().getCurrentPeers());
    if (!left.removeIf(peer -> peer.getId().toString().equals(peerId))) {
      return CompletableFuture.completedFuture(null);
    }
    if (left.isEmpty()) {
      return CompletableFuture.failedFuture(new IOException("a log keeps at least one manager"));
    }
    return set(left, SetConfigurationRequest.Mode.SET_UNCONDITIONALLY);
  }

  private CompletableFuture<Void> set(List<RaftPeer> peers, SetConfigurationRequest.Mode mode) {
    var arguments =
        SetConfigurationRequest.Arguments.newBuilder()
            .setServersInNewConf(peers)
            .setMode(mode)
            .build();
    var request =
        new SetConfigurationRequest(
            proposals.client(),
            server.getId(),
            division.getMemberId().getGroupId(),
            proposals.nextCallId(),
            arguments);
    return proposals.administer(() -> server.setConfigurationAsync(request), timeout);
  }

  /** To {@code peerId}, or where that is empty to those that have the most of the log in turn. */
  CompletableFuture<Void> transfer(String peerId) {
    if (!division.getInfo().isLeader()) {
      RaftPeerId leader = division.getInfo().getLeaderId();
      return CompletableFuture.failedFuture(
          new NotLeaderException(leader == null ? "" : leader.toString()));
    }
    Deque<RaftPeerId> candidates =
        peerId.isEmpty() ? fittest() : new ArrayDeque<>(List.of(RaftPeerId.valueOf(peerId)));
    if (candidates.isEmpty()) {
      return CompletableFuture.failedFuture(new IOException("there is no other manager to lead"));
    }
    return transferToOneOf(candidates);
  }

  private CompletableFuture<Void> transferToOneOf(Deque<RaftPeerId> candidates) {
    RaftPeerId candidate = candidates.removeFirst();
    var request =
        new TransferLeadershipRequest(
            proposals.client(),
            server.getId(),
            division.getMemberId().getGroupId(),
            proposals.nextCallId(),
            candidate,
            transferTimeout.toMillis());
    CompletableFuture<Void> result =
        proposals.administer(
            () -> server.transferLeadershipAsync(request), transferTimeout.multipliedBy(2));
    return candidates.isEmpty()
        ? result
        : result.exceptionallyCompose(
            failure ->
                division.getInfo().isLeader()
                    ? transferToOneOf(candidates)
                    : CompletableFuture.completedFuture(null));
  }

  private Deque<RaftPeerId> fittest() {
    return division.getCommitInfos().stream()
        .sorted(Comparator.comparingLong(CommitInfoProto::getCommitIndex).reversed())
        .map(info -> RaftPeerId.valueOf(info.getServer().getId()))
        .filter(id -> !id.equals(server.getId()) && division.getRaftConf().getPeer(id) != null)
        .collect(Collectors.toCollection(ArrayDeque::new));
  }
}
