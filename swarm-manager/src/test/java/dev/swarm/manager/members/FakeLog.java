package dev.swarm.manager.members;

import dev.swarm.core.port.ReplicatedLog;
import dev.swarm.core.port.StateMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Has the members and the leader that a test gives it, and does what it is asked when told to. */
final class FakeLog implements ReplicatedLog {
  /** Something that was asked of the log, like {@code remove b}. */
  record Asked(String what, CompletableFuture<Void> answer) {}

  final List<Peer> peers = new CopyOnWriteArrayList<>();
  final Set<String> silent = ConcurrentHashMap.newKeySet();
  final List<Asked> asked = new ArrayList<>();
  volatile Runnable onPeers = () -> {};
  private volatile String leader = "";
  private volatile boolean self;
  private volatile long term = 1;

  void leader(String id, boolean isSelf) {
    leader = id;
    self = isSelf;
  }

  void term(long now) {
    term = now;
  }

  /** Nobody leads. */
  void leaderless() {
    leader("", false);
  }

  private CompletionStage<Void> ask(String what) {
    Asked request = new Asked(what, new CompletableFuture<>());
    asked.add(request);
    return request.answer();
  }

  /** What was asked and has no answer yet; it must be this. */
  CompletableFuture<Void> open(String what) {
    List<Asked> open = asked.stream().filter(one -> !one.answer().isDone()).toList();
    if (open.size() != 1 || !open.getFirst().what().equals(what)) {
      throw new AssertionError("asked of the log: " + open);
    }
    return open.getFirst().answer();
  }

  void assertOpen(String what) {
    var _ = open(what);
  }

  @Override
  public Leadership leadership() {
    return new Leadership(leader, term, self);
  }

  @Override
  public List<Peer> peers() {
    onPeers.run();
    return List.copyOf(peers);
  }

  @Override
  public boolean reachable(String peerId) {
    return peers.stream().anyMatch(peer -> peer.id().equals(peerId)) && !silent.contains(peerId);
  }

  @Override
  public CompletionStage<Void> addPeer(Peer peer) {
    return ask("add " + peer.id() + " at " + peer.address());
  }

  @Override
  public CompletionStage<Void> removePeer(String peerId) {
    return ask("remove " + peerId);
  }

  @Override
  public CompletionStage<Void> transferLeadership(String peerId) {
    return ask("transfer to " + (peerId.isEmpty() ? "anyone" : peerId));
  }

  @Override
  public void start(StateMachine machine) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<Void> propose(byte[] entry) {
    return ask("propose");
  }

  @Override
  public void close() {}
}
