package dev.swarm.cli.sim;

import dev.swarm.core.loop.Controllers;
import dev.swarm.core.loop.Rules;
import dev.swarm.core.model.Node;
import dev.swarm.core.model.NodeId;
import dev.swarm.core.port.Clock;
import dev.swarm.core.port.ReplicatedLog;
import dev.swarm.core.store.Delta;
import dev.swarm.core.store.Snapshot;
import dev.swarm.manager.dispatcher.Dispatcher;
import dev.swarm.manager.loop.CommitListener;
import dev.swarm.manager.loop.ControlLoop;
import dev.swarm.manager.members.RoleKeeper;
import docker.swarmkit.v1.NodeRole;
import docker.swarmkit.v1.Peer;
import docker.swarmkit.v1.WeightedPeer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A machine with a manager on it: the real control loop and dispatcher, one process after another.
 */
final class SimManager {
  private final World world;
  private final int index;
  private final SimLog log;
  private final Chance chance;
  private final Clock clock;
  private Optional<Process> process = Optional.empty();
  private boolean up;
  private boolean certified = true; // as a manager, for all that it knows itself
  private boolean entering;

  SimManager(World world, int index, SimLog log, Chance chance) {
    this.world = world;
    this.index = index;
    this.log = log;
    this.chance = chance;
    Duration skew =
        world.faults().skewedClocks() ? chance.millis(0, 3000).minusMillis(1500) : Duration.ZERO;
    clock =
        new Clock() {
          @Override
          public Instant now() {
            return world.time().now().plus(skew);
          }

          @Override
          public long nanoTime() {
            return world.time().nanoTime();
          }
        };
  }

  int index() {
    return index;
  }

  Optional<Process> process() {
    return process;
  }

  void start() {
    up = true;
    if (process.isEmpty() && certified) {
      begin();
    }
  }

  private void begin() {
    world.note("m" + index + " starts");
    Process started = new Process();
    process = Optional.of(started);
    started.start();
  }

  NodeId nodeId() {
    return new NodeId(log.id());
  }

  /** Where roles change: looks now and then whether this is to be a manager, and makes it so. */
  void followRole() {
    world
        .time()
        .after(
            chance.millis(200, 1500),
            () -> {
              followLog();
              followRole();
            });
  }

  /** What the daemon does of whose manager the log has ended, or that was told of another role. */
  private void followLog() {
    if (!up) {
      return;
    }
    boolean votes = world.raft().votes(index);
    if (process.isPresent() && !votes && !entering && !world.plants(Bug.DEAD_MANAGER)) {
      world.note("m" + index + " is out of the log");
      end();
    }
    Optional<Process> leader =
        world.managers().stream()
            .flatMap(manager -> manager.process().stream())
            .filter(Process::leads)
            .findFirst();
    Optional<Node> self = leader.flatMap(one -> one.control().snapshot().nodes().find(nodeId()));
    if (self.isEmpty()) {
      return;
    }
    certified = self.get().role() == NodeRole.MANAGER;
    if (!certified && process.isPresent()) {
      end();
    } else if (certified && process.isEmpty()) {
      if (!votes) {
        log.forget();
      }
      entering = !votes;
      begin();
    } else if (entering) {
      entering = !votes;
      if (entering) {
        leader.get().enter(new ReplicatedLog.Peer(log.id(), World.address(index)));
      }
    }
  }

  private void end() {
    process.ifPresent(Process::kill);
    process = Optional.empty();
    entering = false;
    log.crash();
  }

  void crash() {
    process.ifPresent(
        running -> {
          world.note("m" + index + " crashes");
          up = false;
          process = Optional.empty();
          running.kill();
          log.crash();
        });
  }

  /** Its threads stand still for so long. */
  void stall(Duration length) {
    process.ifPresent(running -> running.loops.forEach(loop -> loop.stall(length)));
  }

  /** What a crash ends. */
  final class Process {
    private final List<SimLoop> loops = new ArrayList<>();
    private final List<Runnable> deathbed = new ArrayList<>();
    private final ControlLoop control;
    private final Dispatcher dispatcher;
    private Optional<RoleKeeper> roles = Optional.empty();
    private boolean alive = true;
    private boolean leads;

    private Process() {
      Rules sound = Controllers.ALL;
      control = new ControlLoop(log, loop(), clock, world.ids(), world.plan(sound));
      dispatcher =
          new Dispatcher(
              control,
              loop(),
              clock,
              world.ids(),
              this::peers,
              (addr, timeout) -> world.answers(index, addr),
              task -> world.time().after(chance.millis(1, 800), task),
              this::caughtUp);
      control.listen(dispatcher);
      if (world.faults().rolesChange()) {
        RoleKeeper keeper =
            new RoleKeeper(log, control, loop(), log.id(), dispatcher::managersChanged);
        control.listen(keeper);
        roles = Optional.of(keeper);
      }
      control.listen(
          new CommitListener() {
            @Override
            public void committed(Snapshot snapshot, List<Delta> deltas) {}

            @Override
            public void leading(boolean now) {
              if (now) {
                world.led();
              }
              world.note("m" + index + (now ? " leads" : " leads no more"));
              leads = now;
            }
          });
    }

    private void enter(ReplicatedLog.Peer peer) {
      roles.ifPresent(keeper -> keeper.enter(peer));
    }

    /** What has arrived is heard within a moment, however busy the machine. */
    private CompletionStage<Void> caughtUp() {
      CompletableFuture<Void> heard = new CompletableFuture<>();
      world.time().after(chance.millis(0, 50), () -> heard.complete(null));
      return heard;
    }

    private SimLoop loop() {
      SimLoop loop = new SimLoop(world, chance.split());
      loops.add(loop);
      return loop;
    }

    private void start() {
      try {
        log.start(control.stateMachine());
      } catch (IOException e) {
        world.fault(e);
      }
    }

    private List<WeightedPeer> peers() {
      return log.peers().stream()
          .map(
              peer ->
                  WeightedPeer.newBuilder()
                      .setPeer(Peer.newBuilder().setNodeId(peer.id()).setAddr(peer.address()))
                      .setWeight(10)
                      .build())
          .toList();
    }

    private void kill() {
      alive = false;
      loops.forEach(SimLoop::kill);
      List.copyOf(deathbed).forEach(Runnable::run);
      deathbed.clear();
    }

    /** Runs {@code task} when the process dies. */
    void atDeath(Runnable task) {
      deathbed.add(task);
    }

    void forgetAtDeath(Runnable task) {
      deathbed.remove(task);
    }

    boolean isAlive() {
      return alive;
    }

    /** Whether it would let anybody in: the gate before a manager's services. */
    boolean leads() {
      return leads;
    }

    ControlLoop control() {
      return control;
    }

    Dispatcher dispatcher() {
      return dispatcher;
    }
  }
}
