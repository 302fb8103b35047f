package dev.swarm.cli.sim;

import dev.swarm.core.port.ReplicatedLog;
import dev.swarm.core.port.StateMachine;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One manager's copy of the log. Its disk outlives the process: the newest image, and how far the
 * copy had come. Only one process of the manager uses it at a time.
 */
final class SimLog implements ReplicatedLog {
  private final World world;
  private final SimRaft raft;
  private final int manager;
  private final Chance chance;
  private final int imageEvery;
  private final Map<Integer, SimRaft.Pending> awaited = new TreeMap<>();

  private @Nullable StateMachine machine;
  private int life;
  private int applied;
  private int imageAt;
  private byte[] image = new byte[0];
  private boolean pumping;
  private boolean believesToLead;
  private long ledTerm;
  private long lastToldNanos;

  SimLog(World world, SimRaft raft, int manager, Chance chance) {
    this.world = world;
    this.raft = raft;
    this.manager = manager;
    this.chance = chance;
    imageEvery = 5 + chance.below(60);
  }

  String id() {
    return "manager-" + manager;
  }

  int manager() {
    return manager;
  }

  boolean isAlive() {
    return machine != null;
  }

  @Override
  public void start(StateMachine started) throws IOException {
    int reached = applied;
    machine = started;
    life++;
    pumping = false;
    applied = imageAt;
    if (imageAt > 0) {
      started.restore(new ByteArrayInputStream(image));
    }
    // How far the history was committed is not on disk, only the entries are.
    int known = imageAt + (reached > imageAt ? chance.below(reached - imageAt + 1) : 0);
    while (applied < known) {
      apply(started);
    }
    catchUp();
  }

  /** The process is gone; its disk stays. */
  void crash() {
    machine = null;
    life++;
    awaited.clear();
    believesToLead = false;
    if (world.plants(Bug.LOST_WRITE) && applied > imageAt) {
      applied = raft.forgetNewest(applied);
    }
    raft.died(manager);
  }

  /** What it has is void: it begins anew. */
  void forget() {
    applied = 0;
    imageAt = 0;
    image = new byte[0];
  }

  /** Entry {@code index} answers {@code proposal} once it is applied here. */
  void awaits(int index, SimRaft.Pending proposal) {
    awaited.put(index, proposal);
  }

  void catchUp() {
    if (machine == null || pumping || applied >= raft.size() || !raft.votes(manager)) {
      return;
    }
    pumping = true;
    int mine = life;
    Duration delay =
        raft.leads(manager)
            ? chance.millis(0, 1)
            : chance.percent(95) ? chance.millis(0, 20) : chance.millis(20, 600);
    world.time().after(delay, () -> pump(mine));
  }

  private void pump(int mine) {
    StateMachine running = machine;
    if (mine != life || running == null) {
      return;
    }
    pumping = false;
    try {
      if (applied < raft.size()) {
        apply(running);
      }
      if (applied - imageAt >= imageEvery) {
        takeImage(running);
      }
    } catch (RuntimeException | IOException | Error fault) {
      world.fault(fault);
      return;
    }
    catchUp();
  }

  private void apply(StateMachine running) {
    if (believesToLead && raft.termOf(applied) > ledTerm) {
      // What another leader made came with the news that there is one.
      hear(running, new Leadership("", raft.termOf(applied), false));
    }
    byte[] entry = raft.entry(applied);
    running.committed(entry);
    applied++;
    world.laws().applied(manager, applied, running);
    SimRaft.Pending proposal = awaited.remove(applied);
    if (proposal != null && !proposal.failed) {
      proposal.reply.complete(null);
    }
  }

  private void takeImage(StateMachine running) throws IOException {
    image = bytesOf(running);
    imageAt = applied;
  }

  static byte[] bytesOf(StateMachine machine) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    machine.image().write(out);
    return out.toByteArray();
  }

  /** Announces leadership after everything committed before it was applied, and in order. */
  void tell(Leadership news, Duration delay) {
    int mine = life;
    lastToldNanos = Math.max(lastToldNanos + 1, world.time().nanoTime() + delay.toNanos());
    world.time().at(lastToldNanos, () -> told(mine, news));
  }

  private void told(int mine, Leadership news) {
    StateMachine running = machine;
    if (mine != life || running == null) {
      return;
    }
    if (news.self()) {
      if (news.term() != raft.term()) {
        return; // deposed before it could begin
      }
      try {
        while (applied < raft.size()) {
          apply(running);
        }
      } catch (RuntimeException | Error fault) {
        world.fault(fault);
        return;
      }
    }
    hear(running, news);
  }

  private void hear(StateMachine running, Leadership news) {
    believesToLead = news.self();
    if (news.self()) {
      ledTerm = news.term();
    }
    running.leadership(news);
  }

  @Override
  public CompletionStage<Void> propose(byte[] entry) {
    if (machine == null) {
      return CompletableFuture.failedFuture(new IOException("the log is closed"));
    }
    return raft.propose(manager, believesToLead, entry);
  }

  @Override
  public Leadership leadership() {
    return new Leadership(raft.leaderId(), raft.term(), believesToLead);
  }

  @Override
  public List<Peer> peers() {
    return raft.peers();
  }

  @Override
  public boolean reachable(String peerId) {
    return true;
  }

  @Override
  public CompletionStage<Void> addPeer(Peer peer) {
    return raft.change(manager, world.managerAt(peer.address()), true);
  }

  @Override
  public CompletionStage<Void> removePeer(String peerId) {
    return raft.change(manager, Integer.parseInt(peerId.substring("manager-".length())), false);
  }

  @Override
  public CompletionStage<Void> transferLeadership(String peerId) {
    return raft.transfer(manager);
  }

  @Override
  public void close() {}
}
