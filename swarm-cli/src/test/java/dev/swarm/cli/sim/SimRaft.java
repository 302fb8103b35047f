package dev.swarm.cli.sim;

import dev.swarm.core.control.node.Voters;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.port.ReplicatedLog.Leadership;
import dev.swarm.core.port.ReplicatedLog.NotLeaderException;
import dev.swarm.core.port.ReplicatedLog.Peer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The log all managers agree on: one history, one leader a term, a majority to commit. It keeps the
 * promises of the port and no others: what fails may be committed later or never, a deposed leader
 * hears of it late, followers are behind.
 */
final class SimRaft {
  private final World world;
  private final Chance chance;
  private final List<Committed> committed = new ArrayList<>();
  private final List<SimLog> members = new ArrayList<>();
  private final Set<Integer> voters = new TreeSet<>();
  private final ArrayDeque<Pending> pending = new ArrayDeque<>();
  private final int unknownOneIn;
  private int leader = -1;
  private long term;
  private long lastCommitNanos;
  private boolean electing;
  private int avoided = -1;

  /** An entry of the history, and the term of the leader that made it. */
  private record Committed(byte[] entry, long term) {}

  /** An entry on its way. */
  static final class Pending {
    final byte[] entry;
    final CompletableFuture<Void> reply = new CompletableFuture<>();
    final int from;
    final long term;
    long dueNanos;
    boolean failed;

    private Pending(byte[] entry, int from, long term) {
      this.entry = entry;
      this.from = from;
      this.term = term;
    }
  }

  SimRaft(World world, Chance chance) {
    this.world = world;
    this.chance = chance;
    unknownOneIn = chance.of(List.of(5, 12, 40));
  }

  SimLog join(int manager) {
    SimLog member = new SimLog(world, this, manager, chance.split());
    members.add(member);
    voters.add(manager);
    return member;
  }

  List<Peer> peers() {
    return members.stream()
        .filter(m -> votes(m.manager()))
        .map(m -> new Peer(m.id(), World.address(m.manager())))
        .toList();
  }

  boolean votes(int manager) {
    return voters.contains(manager);
  }

  /** For requests, as the leader sees it. */
  Voters asVoters() {
    return new Voters() {
      @Override
      public boolean couldVote(Node node) {
        return true;
      }

      @Override
      public boolean votes(NodeId node) {
        return peers().stream().anyMatch(peer -> peer.id().equals(node.value()));
      }

      @Override
      public boolean canDoWithout(NodeId node) {
        List<SimLog> left =
            members.stream()
                .filter(m -> SimRaft.this.votes(m.manager()) && !m.id().equals(node.value()))
                .toList();
        return left.stream().filter(SimLog::isAlive).count() > left.size() / 2;
      }
    };
  }

  /** A change of who votes, which like any entry may take effect though its answer is lost. */
  CompletionStage<Void> change(int from, int manager, boolean in) {
    CompletableFuture<Void> reply = new CompletableFuture<>();
    if (leader != from) {
      reply.completeExceptionally(new NotLeaderException(leaderId()));
      return reply;
    }
    long asked = term;
    world.time().after(chance.millis(5, 600), () -> changed(reply, asked, manager, in));
    return reply;
  }

  private void changed(CompletableFuture<Void> reply, long asked, int manager, boolean in) {
    boolean possible = in ? members.get(manager).isAlive() : voters.size() > 1;
    if (term != asked || leader < 0 || !hasMajority() || !possible) {
      reply.completeExceptionally(new IOException("the members could not be changed"));
      return;
    }
    world.note("m" + manager + (in ? " votes" : " votes no more"));
    if (in) {
      voters.add(manager);
      members.get(manager).catchUp();
    } else {
      voters.remove(manager);
    }
    if (world.faults().unknownOutcomes() && world.faultsAreOn() && chance.oneIn(unknownOneIn)) {
      reply.completeExceptionally(new IOException("the log did not answer in time"));
    } else {
      reply.complete(null);
    }
  }

  /** Another is to lead, if there is one. */
  CompletionStage<Void> transfer(int from) {
    if (leader != from) {
      return CompletableFuture.failedFuture(new NotLeaderException(leaderId()));
    }
    if (candidates().stream().allMatch(m -> m.manager() == from)) {
      return CompletableFuture.failedFuture(new IOException("there is no other to lead"));
    }
    avoided = from;
    depose();
    return CompletableFuture.completedFuture(null);
  }

  private List<SimLog> candidates() {
    return members.stream().filter(m -> m.isAlive() && votes(m.manager())).toList();
  }

  long term() {
    return term;
  }

  String leaderId() {
    return leader < 0 ? "" : members.get(leader).id();
  }

  boolean leads(int manager) {
    return leader == manager;
  }

  int size() {
    return committed.size();
  }

  /** The entry that was committed as number {@code index}, counted from 0. */
  byte[] entry(int index) {
    return committed.get(index).entry();
  }

  /** The term of the leader that made that entry. */
  long termOf(int index) {
    return committed.get(index).term();
  }

  private boolean hasMajority() {
    return candidates().size() * 2 > voters.size();
  }

  CompletionStage<Void> propose(int from, boolean believesToLead, byte[] entry) {
    Pending made = new Pending(entry, from, term);
    if (leader != from) {
      // Deposed: either it knows, or the answer takes as long as it takes to find out.
      if (!believesToLead) {
        made.reply.completeExceptionally(new NotLeaderException(leaderId()));
      } else {
        fail(made, chance.millis(50, 1000));
      }
      return made.reply;
    }
    if (world.faults().unknownOutcomes() && world.faultsAreOn() && chance.oneIn(unknownOneIn)) {
      fail(made, chance.millis(1, 300));
      if (chance.oneIn(3)) {
        return made.reply; // lost on the way to the log
      }
      enqueue(made, chance.oneIn(3) ? chance.millis(1000, 4000) : chance.millis(1, 900));
      return made.reply;
    }
    enqueue(made, world.faults().slowLog() ? chance.millis(1, 120) : chance.millis(1, 8));
    return made.reply;
  }

  private void enqueue(Pending made, Duration delay) {
    pending.add(made);
    lastCommitNanos = Math.max(lastCommitNanos, world.time().nanoTime() + delay.toNanos());
    made.dueNanos = lastCommitNanos;
    world.time().at(lastCommitNanos, this::commitDue);
  }

  private void commitDue() {
    while (!pending.isEmpty() && pending.getFirst().dueNanos <= world.time().nanoTime()) {
      if (!hasMajority()) {
        world.time().after(Duration.ofMillis(50), this::commitDue);
        return;
      }
      append(pending.removeFirst());
    }
  }

  private void append(Pending due) {
    committed.add(new Committed(due.entry, due.term));
    int index = committed.size();
    members.get(due.from).awaits(index, due);
    members.forEach(SimLog::catchUp);
  }

  private void fail(Pending made, Duration after) {
    world
        .time()
        .after(
            after,
            () -> {
              made.failed = true;
              made.reply.completeExceptionally(new IOException("the log did not answer in time"));
            });
  }

  /** The leader, if any, leads no more; what it had under way may or may not be in the history. */
  void depose() {
    int old = leader;
    if (old >= 0) {
      leader = -1;
      term++;
      int survivors = pending.isEmpty() ? 0 : chance.below(pending.size() + 1);
      while (!pending.isEmpty()) {
        Pending next = pending.poll();
        if (survivors-- > 0) {
          append(next);
        }
        if (!next.failed) {
          fail(next, chance.millis(1, 500));
        }
      }
      members.get(old).tell(new Leadership("", term, false), chance.millis(0, 1500));
    }
    elect();
  }

  void elect() {
    if (!electing) {
      electing = true;
      world.time().after(chance.millis(300, 2000), this::vote);
    }
  }

  private void vote() {
    electing = false;
    if (leader >= 0) {
      return;
    }
    if (!hasMajority()) {
      elect();
      return;
    }
    term++;
    List<SimLog> able = candidates();
    List<SimLog> wanted = able.stream().filter(m -> m.manager() != avoided).toList();
    leader = chance.of(wanted.isEmpty() ? able : wanted).manager();
    avoided = -1;
    world.note("m" + leader + " is elected in term " + term);
    for (SimLog member : members) {
      if (!votes(member.manager())) {
        continue;
      }
      member.tell(
          new Leadership(members.get(leader).id(), term, member.manager() == leader),
          chance.millis(0, 20));
    }
  }

  /**
   * What a log with a bug does: a single manager that crashed comes back without its last entry.
   */
  int forgetNewest(int applied) {
    if (members.size() == 1 && applied == committed.size()) {
      committed.removeLast();
      return applied - 1;
    }
    return applied;
  }

  void died(int manager) {
    if (leader == manager) {
      depose();
    }
  }
}
