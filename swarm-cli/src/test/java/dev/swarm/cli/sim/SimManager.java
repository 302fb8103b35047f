package dev.swarm.cli.sim;

import dev.swarm.core.port.Clock;
import dev.swarm.core.store.Delta;
import dev.swarm.core.store.Snapshot;
import dev.swarm.manager.dispatcher.Dispatcher;
import dev.swarm.manager.loop.CommitListener;
import dev.swarm.manager.loop.ControlLoop;
import dev.swarm.manager.loop.Reconcilers;
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
    if (process.isEmpty()) {
      world.note("m" + index + " starts");
      Process started = new Process();
      process = Optional.of(started);
      started.start();
    }
  }

  void crash() {
    process.ifPresent(
        running -> {
          world.note("m" + index + " crashes");
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
    private boolean alive = true;
    private boolean leads;

    private Process() {
      Reconcilers sound = Reconcilers::all;
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
      control.listen(
          new CommitListener() {
            @Override
            public void committed(Snapshot snapshot, List<Delta> deltas) {}

            @Override
            public void leading(boolean now) {
              world.note("m" + index + (now ? " leads" : " leads no more"));
              leads = now;
            }
          });
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
